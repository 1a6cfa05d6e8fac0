package io.berth.images.content;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Names in archives: strict decoding, and a form that is safe to show. */
final class Utf8 {

    private static final int SHOWN = 200;

    private Utf8() {}

    static String decode(byte[] data, int offset, int length, String what) throws TarFormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data, offset, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TarFormatException(
                    what + " is not UTF-8: " + printable(new String(data, offset, length, StandardCharsets.ISO_8859_1)),
                    e);
        }
    }

    /** Shortened, without control characters: for messages. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN)
                .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) || !Character.isDefined(c) ? '?' : c));
        if (text.length() > SHOWN) {
            shown.append('…');
        }
        return shown.toString();
    }
}
