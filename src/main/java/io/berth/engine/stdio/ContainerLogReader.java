package io.berth.engine.stdio;

import io.berth.engine.LogEntry;
import io.berth.engine.LogReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a {@link ContainerLog}, the file before the present one included, and follows it from file to file. */
public final class ContainerLogReader implements LogReader {

    /** Ends a list of entries early, however many were asked for. */
    private static final int BATCH_BYTES = 1 << 20;

    private final ContainerLog log;
    private final LogWatcher watcher;
    private final @Nullable Instant since;
    private final LogLines lines;
    private final LogLine line = new LogLine();
    private LogWatcher.@Nullable Waiter waiter;

    /**
     * Finds the place to start from.
     *
     * @throws IllegalArgumentException if the cursor is none, or the number of lines is negative
     */
    public ContainerLogReader(ContainerLog log, LogWatcher watcher, Start start) throws IOException {
        this.log = log;
        this.watcher = watcher;
        this.since = start.cursor() == null ? start.since() : null;
        log.rotate();
        this.lines = open(log, begin(log, start));
    }

    private static LogCursor begin(ContainerLog log, Start start) throws IOException {
        LogCursor oldest = new LogCursor(log.generations().get(0).sequence(), 0);
        if (start.cursor() != null) {
            return LogCursor.decode(start.cursor())
                    .orElseThrow(() -> new IllegalArgumentException("not a cursor of a log"));
        }
        return start.tail() == null ? oldest : LogTailFinder.find(log, start.tail(), start.counted());
    }

    private static LogLines open(ContainerLog log, LogCursor cursor) throws IOException {
        for (Generation generation : log.generations()) {
            if (generation.sequence() == cursor.sequence()) {
                return LogLines.open(log, generation, cursor.position());
            }
        }
        return LogLines.open(log, log.generations().get(0), 0);
    }

    @Override
    public List<LogEntry> next(int limit) throws IOException {
        List<LogEntry> entries = new ArrayList<>();
        int bytes = 0;
        lines.borrow(new LogBlocks());
        try {
            while (entries.size() < limit && bytes < BATCH_BYTES && lines.next(line)) {
                Instant at = line.at();
                if (since != null && at.isBefore(since)) {
                    continue;
                }
                String cursor = new LogCursor(lines.generation().sequence(), lines.position()).encode();
                entries.add(new LogEntry(cursor, at, line.kind, line.text(), line.complete));
                bytes += line.contentLength();
            }
        } finally {
            lines.giveBack();
        }
        return entries;
    }

    @Override
    public void onMore(Runnable callback) {
        stopWaiting();
        waiter = watcher.onMore(log, this::hasMore, callback);
    }

    private boolean hasMore() {
        try {
            return log.after(lines.generation().sequence()) != null
                    || log.size(lines.generation().sequence()) > lines.position();
        } catch (IOException e) {
            // reading will tell
            return true;
        }
    }

    private void stopWaiting() {
        if (waiter != null) {
            waiter.close();
            waiter = null;
        }
    }

    @Override
    public void close() {
        stopWaiting();
        lines.close();
    }
}
