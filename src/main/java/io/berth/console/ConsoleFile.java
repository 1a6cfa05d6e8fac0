package io.berth.console;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One file as it is sent.
 *
 * @param compressed with gzip; {@code null} if the build did not compress it
 * @param tag the entity tag, in quotes
 */
record ConsoleFile(Buffer plain, @Nullable Buffer compressed, String type, String tag) {

    private static final int TAG_DIGITS = 32;

    static ConsoleFile of(byte[] plain, byte @Nullable [] compressed, String type) {
        return new ConsoleFile(
                Buffer.buffer(plain), compressed == null ? null : Buffer.buffer(compressed), type, tagOf(plain));
    }

    private static String tagOf(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(digest).substring(0, TAG_DIGITS) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
