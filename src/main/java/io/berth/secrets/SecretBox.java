package io.berth.secrets;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals small secrets with AES-256-GCM. A sealed secret opens only in the context it was sealed for, such as {@code
 * registry:acme:ghcr.io}: moved to another row it is worth nothing. Thread-safe.
 *
 * <p>The envelope: a version (1 byte), the key's id (4), a random nonce (12), the ciphertext and its tag (16). The version, the id
 * and the context are authenticated with it.
 */
public final class SecretBox {

    private static final byte VERSION = 1;
    private static final int HEADER = 1 + 4;
    private static final int NONCE = 12;
    private static final int TAG = 16;

    private final SecretKey sealing;
    private final Map<Integer, SecretKey> opening = new LinkedHashMap<>();
    private final SecureRandom random = new SecureRandom();

    private SecretBox(List<SecretKey> keys) {
        this.sealing = keys.get(0);
        keys.forEach(key -> opening.put(key.id(), key));
    }

    /**
     * Opens the box of a key file, which is made if there is none.
     *
     * @throws SecretKeyException if the file is damaged, or others may read it
     */
    public static SecretBox open(Path keyFile) {
        SecretKeyFile.ensure(keyFile);
        return new SecretBox(SecretKeyFile.read(keyFile));
    }

    /** @param context what it is for, and of whom; needed to open it again */
    public byte[] seal(byte[] plain, String context) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        ByteBuffer header = ByteBuffer.allocate(HEADER).put(VERSION).putInt(sealing.id());
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, sealing, nonce, header.array(), context)
                    .doFinal(plain);
            return ByteBuffer.allocate(HEADER + NONCE + sealed.length)
                    .put(header.array())
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /**
     * Opens what was sealed in the same context.
     *
     * @throws BerthException {@code SECRET_UNREADABLE} if its key is not in the key file, or it is not what was sealed here
     */
    public byte[] open(byte[] sealed, String context) {
        if (sealed.length < HEADER + NONCE + TAG || sealed[0] != VERSION) {
            throw unreadable("it is not a sealed secret", null);
        }
        ByteBuffer envelope = ByteBuffer.wrap(sealed);
        byte[] header = new byte[HEADER];
        envelope.get(header);
        int id = ByteBuffer.wrap(header).getInt(1);
        SecretKey key = opening.get(id);
        if (key == null) {
            throw unreadable(
                    "it was sealed with the key " + SecretKey.name(id) + ", which is not in the key file: restore that"
                            + " from a backup, or store the secret anew",
                    null);
        }
        byte[] nonce = new byte[NONCE];
        envelope.get(nonce);
        byte[] text = new byte[envelope.remaining()];
        envelope.get(text);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, nonce, header, context).doFinal(text);
        } catch (GeneralSecurityException e) {
            throw unreadable("it was changed, or belongs elsewhere: store the secret anew", e);
        }
    }

    /** Whether it was sealed with the key that seals now, rather than with one that is being replaced. */
    public boolean isCurrent(byte[] sealed) {
        return sealed.length >= HEADER && ByteBuffer.wrap(sealed).getInt(1) == sealing.id();
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] header, String context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key.key(), new GCMParameterSpec(TAG * 8, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static BerthException unreadable(String why, @Nullable Throwable cause) {
        return new BerthException(ErrorCode.SECRET_UNREADABLE, "a stored secret cannot be opened: " + why, cause);
    }
}
