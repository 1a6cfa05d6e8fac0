package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;

/**
 * Takes apart lines as conmon writes them: {@code <RFC 3339 time> stdout|stderr P|F <bytes>}. The bytes may be anything
 * but a line feed. A line that is not like this, as a crash of the host can leave, is no line at all: it stands for
 * nothing that a process wrote.
 */
final class K8sLogParser {

    /** {@code 2026-01-01T00:00:00Z} is the shortest time there is, nanoseconds and a zone's offset make the longest. */
    private static final int SHORTEST_TIME = 20;

    private static final int LONGEST_TIME = 40;
    /** Of {@code " stdout F "}. */
    private static final int TAGS = 10;

    private static final byte[] STDOUT = {' ', 's', 't', 'd', 'o', 'u', 't', ' '};
    private static final byte[] STDERR = {' ', 's', 't', 'd', 'e', 'r', 'r', ' '};

    private K8sLogParser() {}

    /**
     * @param from the line's first byte
     * @param to its line feed
     * @return whether it is one; {@code line} is then set
     */
    static boolean parse(byte[] block, int from, int to, LogLine line) {
        if (to - from < SHORTEST_TIME + TAGS || !looksLikeTime(block, from)) {
            return false;
        }
        int space = from + SHORTEST_TIME;
        int bound = Math.min(from + LONGEST_TIME, to - TAGS);
        while (block[space] != ' ') {
            if (++space > bound) {
                return false;
            }
        }
        if (to - space < TAGS) {
            return false;
        }
        if (matches(block, space, STDOUT)) {
            line.kind = OutputStreamKind.STDOUT;
        } else if (matches(block, space, STDERR)) {
            line.kind = OutputStreamKind.STDERR;
        } else {
            return false;
        }
        byte tag = block[space + 8];
        if ((tag != 'P' && tag != 'F') || block[space + 9] != ' ') {
            return false;
        }
        line.block = block;
        line.start = from;
        line.complete = tag == 'F';
        line.textFrom = space + TAGS;
        line.textTo = to;
        return true;
    }

    private static boolean looksLikeTime(byte[] block, int from) {
        return block[from + 4] == '-'
                && block[from + 7] == '-'
                && block[from + 10] == 'T'
                && block[from + 13] == ':'
                && block[from + 16] == ':';
    }

    private static boolean matches(byte[] block, int from, byte[] expected) {
        return java.util.Arrays.equals(block, from, from + expected.length, expected, 0, expected.length);
    }
}
