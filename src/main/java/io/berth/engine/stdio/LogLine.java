package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/**
 * One line of a k8s-file log, seen in the block it was read into. Mutable, and valid until the next line is read: logs
 * run to millions of lines, and most are only counted or copied on.
 */
final class LogLine {

    private static final int SECONDS_PER_DAY = 86_400;

    byte[] block = new byte[0];
    int start;
    OutputStreamKind kind = OutputStreamKind.STDOUT;
    /** Whether the process's own line ends here ({@code F}), which stands for one more byte of its output. */
    boolean complete;

    int textFrom;
    int textTo;

    /** How many bytes of the process's output the line stands for. */
    int contentLength() {
        return textTo - textFrom + (complete ? 1 : 0);
    }

    byte[] text() {
        return java.util.Arrays.copyOfRange(block, textFrom, textTo);
    }

    /** When conmon read it; the epoch if a damaged line holds no such date. */
    Instant at() {
        try {
            long day = LocalDate.of(number(start, 4), number(start + 5, 2), number(start + 8, 2))
                    .toEpochDay();
            int second = number(start + 11, 2) * 3600 + number(start + 14, 2) * 60 + number(start + 17, 2);
            int at = start + 19;
            int nanos = 0;
            if (block[at] == '.') {
                int scale = 100_000_000;
                for (at++; digit(block[at]); at++, scale /= 10) {
                    nanos += (block[at] - '0') * scale;
                }
            }
            int offset = 0;
            if (block[at] == '+' || block[at] == '-') {
                offset = number(at + 1, 2) * 3600 + number(at + 4, 2) * 60;
                offset = block[at] == '-' ? -offset : offset;
            }
            return Instant.ofEpochSecond(day * SECONDS_PER_DAY + second - offset, nanos);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private int number(int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            if (!digit(block[i])) {
                throw new DateTimeException("no digit");
            }
            value = value * 10 + block[i] - '0';
        }
        return value;
    }

    private static boolean digit(byte value) {
        return value >= '0' && value <= '9';
    }
}
