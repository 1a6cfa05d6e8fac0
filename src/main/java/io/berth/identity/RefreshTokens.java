package io.berth.identity;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals the identity provider's refresh tokens with a key made of the session's cookie, of which the database has a hash only: who
 * reads the database cannot use them. Keys of sessions in use are remembered, for streams that outlive their request.
 */
final class RefreshTokens {

    private static final int REMEMBERED = 10_000;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<String, SecretKeySpec> keys = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SecretKeySpec> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** Remembers the key of a session whose cookie was shown. */
    void remember(String session, String cookie) {
        keys.put(session, key(cookie));
    }

    void forget(String session) {
        keys.remove(session);
    }

    byte[] seal(String session, String refreshToken) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        byte[] sealed = crypt(
                Cipher.ENCRYPT_MODE, known(session), session, nonce, refreshToken.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(NONCE + sealed.length).put(nonce).put(sealed).array();
    }

    /** The refresh token; {@code null} if the session's cookie was not shown since the server started. */
    @Nullable
    String open(String session, byte[] sealed) {
        SecretKeySpec key = keys.get(session);
        if (key == null) {
            return null;
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE);
        byte[] rest = Arrays.copyOfRange(sealed, NONCE, sealed.length);
        return new String(crypt(Cipher.DECRYPT_MODE, key, session, nonce, rest), StandardCharsets.UTF_8);
    }

    private SecretKeySpec known(String session) {
        SecretKeySpec key = keys.get(session);
        if (key == null) {
            throw new IllegalStateException("the cookie of " + session + " is not known");
        }
        return key;
    }

    private static SecretKeySpec key(String cookie) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(cookie.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return new SecretKeySpec(mac.doFinal("refresh token".getBytes(StandardCharsets.US_ASCII)), "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }

    private static byte[] crypt(int mode, SecretKeySpec key, String session, byte[] nonce, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(session.getBytes(StandardCharsets.US_ASCII));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a refresh token in the database is damaged", e);
        }
    }
}
