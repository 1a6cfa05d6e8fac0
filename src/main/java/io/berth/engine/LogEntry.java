package io.berth.engine;

import java.time.Instant;

/**
 * A line, or part of a long one, that a container wrote.
 *
 * @param cursor opaque; names the place after this entry
 * @param text the bytes, without the line's end
 * @param complete whether the line ends here
 */
public record LogEntry(String cursor, Instant at, OutputStreamKind stream, byte[] text, boolean complete) {}
