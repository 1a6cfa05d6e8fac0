package io.berth.engine;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a container's log forward. Not thread-safe; blocks for file reads only, never for new lines. */
public interface LogReader extends AutoCloseable {

    /**
     * The next entries, at most {@code limit}; empty when the reader has caught up.
     *
     * @throws IOException if the log cannot be read
     */
    List<LogEntry> next(int limit) throws IOException;

    /** Runs once, on any thread, when more may be there after an empty {@link #next}; replaces an earlier callback. */
    void onMore(Runnable callback);

    @Override
    void close();

    /**
     * Where to begin.
     *
     * @param cursor after this place; wins over the rest. One that was rotated away begins at the oldest entry kept.
     * @param since entries at or after this time
     * @param tail the last so many lines
     * @param counted which stream's lines {@code tail} counts; those of both if {@code null}
     */
    record Start(
            @Nullable String cursor,
            java.time.@Nullable Instant since,
            @Nullable Integer tail,
            @Nullable OutputStreamKind counted) {
        public static final Start BEGINNING = new Start(null, null, null);

        public Start(@Nullable String cursor, java.time.@Nullable Instant since, @Nullable Integer tail) {
            this(cursor, since, tail, null);
        }
    }
}
