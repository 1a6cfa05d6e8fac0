package io.berth.images.content;

import java.io.IOException;

/** A stream is not the tar (or compressed) stream it should be. The message says what is wrong and where. */
public final class TarFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    public TarFormatException(String message) {
        super(message);
    }

    public TarFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
