package io.berth.secrets;

/** A store of sealed secrets. */
public interface SealedSecrets {

    /**
     * Seals those anew that an older key has sealed. Called at each start, so that a key that was replaced is soon of no use. What
     * cannot be opened is left as it is.
     *
     * @return how many there were
     */
    int sealAnew(SecretBox box);
}
