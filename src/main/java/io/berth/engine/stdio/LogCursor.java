package io.berth.engine.stdio;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * Names a place in a log, so that a reader can go on there later. Opaque to clients, and a client may send anything: a
 * cursor is checked against the log before use.
 */
record LogCursor(long sequence, long position) {

    private static final int SIZE = 2 * Long.BYTES;

    String encode() {
        byte[] bytes =
                ByteBuffer.allocate(SIZE).putLong(sequence).putLong(position).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Empty if it is none. */
    static Optional<LogCursor> decode(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length != SIZE) {
                return Optional.empty();
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            LogCursor cursor = new LogCursor(buffer.getLong(), buffer.getLong());
            return Optional.of(cursor).filter(place -> place.position() >= 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
