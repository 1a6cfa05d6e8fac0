package io.berth.secrets;

/** The key file cannot be used. The message names it and the way out, and holds no secret. */
public final class SecretKeyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SecretKeyException(String message) {
        super(message);
    }
}
