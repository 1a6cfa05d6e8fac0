package io.berth.terminal;

/** The first byte of every message. */
final class Channel {

    static final int STDIN = 0;
    static final int STDOUT = 1;
    static final int STDERR = 2;
    static final int STATUS = 3;
    static final int RESIZE = 4;
    /** Berth's own notices about offsets and roles, sent only to clients that asked for them. */
    static final int NOTICE = 5;
    /** v5: the next byte is a channel to close. */
    static final int CLOSE = 255;

    private Channel() {}
}
