package io.berth.terminal;

/**
 * How much output a client may have that it has not shown yet. A browser takes whatever the network brings and keeps it in memory,
 * so that a full socket never holds back a flood meant for a slow screen; what the client acknowledges does.
 */
final class OutputWindow {

    private final int bytes;
    private long sent = -1;
    private long acknowledged;

    /** @param bytes that may be under way */
    OutputWindow(int bytes) {
        this.bytes = bytes;
    }

    /** Whether more may be sent. What is sent then may go over it by one slice. */
    boolean isOpen() {
        return sent < 0 || sent - acknowledged < bytes;
    }

    /** Output from one offset to another was sent; what lies before it was sent earlier or is gone. */
    void sent(long from, long to) {
        if (sent != from) {
            acknowledged = from;
        }
        sent = to;
    }

    /** @return false if so much was never sent */
    boolean acknowledge(long offset) {
        if (offset > sent) {
            return false;
        }
        acknowledged = Math.max(acknowledged, offset);
        return true;
    }
}
