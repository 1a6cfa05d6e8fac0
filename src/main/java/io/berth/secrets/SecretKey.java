package io.berth.secrets;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of AES-256.
 *
 * @param id the first four bytes of its SHA-256: which key a secret was sealed with can be told without knowing the key
 */
record SecretKey(int id, SecretKeySpec key) {

    static final int BYTES = 32;

    static SecretKey of(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new SecretKey(ByteBuffer.wrap(hash).getInt(), new SecretKeySpec(bytes, "AES"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String generate(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    static String name(int id) {
        return String.format("%08x", id);
    }

    @Override
    public String toString() {
        return "SecretKey[" + name(id) + "]";
    }
}
