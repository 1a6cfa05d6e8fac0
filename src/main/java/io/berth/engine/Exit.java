package io.berth.engine;

import java.time.Instant;

/**
 * How a process ended.
 *
 * @param code 0-255; 128 + n when signal n ended it
 * @param oomKilled whether the kernel killed a process of the container for want of memory
 * @param at when
 */
public record Exit(int code, boolean oomKilled, Instant at) {

    /** Stands in for an exit that left no trace, such as the host's own crash. */
    public static final int UNKNOWN_CODE = 255;
}
