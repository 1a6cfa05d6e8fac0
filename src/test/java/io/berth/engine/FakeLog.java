package io.berth.engine;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The log of a container in memory: lines, numbered from 0, of which nothing is rotated away. */
final class FakeLog {

    private final Map<OutputStreamKind, ByteArrayOutputStream> partial = new EnumMap<>(OutputStreamKind.class);
    private final List<LogEntry> entries = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();

    synchronized void append(OutputStreamKind kind, byte[] bytes) {
        ByteArrayOutputStream line = partial.computeIfAbsent(kind, k -> new ByteArrayOutputStream());
        for (byte b : bytes) {
            if (b == '\n') {
                add(kind, line, true);
            } else {
                line.write(b);
            }
        }
        flush();
    }

    /** The process has ended: what has no line's end yet becomes an entry. */
    synchronized void finish() {
        partial.forEach((kind, line) -> {
            if (line.size() > 0) {
                add(kind, line, false);
            }
        });
        flush();
    }

    private void add(OutputStreamKind kind, ByteArrayOutputStream line, boolean complete) {
        entries.add(
                new LogEntry(Integer.toString(entries.size() + 1), Instant.now(), kind, line.toByteArray(), complete));
        line.reset();
    }

    private void flush() {
        List<Runnable> callbacks = List.copyOf(waiting);
        waiting.clear();
        callbacks.forEach(Runnable::run);
    }

    LogReader read(LogReader.Start start) {
        return new Reader(start);
    }

    private synchronized int first(LogReader.Start start) {
        String cursor = start.cursor();
        if (cursor != null) {
            return Math.min(Integer.parseInt(cursor), entries.size());
        }
        int from = 0;
        Instant since = start.since();
        while (since != null && from < entries.size() && entries.get(from).at().isBefore(since)) {
            from++;
        }
        Integer tail = start.tail();
        return tail == null ? from : Math.max(from, last(tail, start.counted()));
    }

    private int last(int lines, @Nullable OutputStreamKind counted) {
        int place = entries.size();
        int missing = lines;
        while (place > 0 && missing > 0) {
            place--;
            if (counted == null || entries.get(place).stream() == counted) {
                missing--;
            }
        }
        return place;
    }

    private final class Reader implements LogReader {
        private int next;
        private @Nullable Runnable registered;

        Reader(Start start) {
            next = first(start);
        }

        @Override
        public List<LogEntry> next(int limit) {
            synchronized (FakeLog.this) {
                List<LogEntry> some = List.copyOf(entries.subList(next, Math.min(entries.size(), next + limit)));
                next += some.size();
                return some;
            }
        }

        @Override
        public void onMore(Runnable callback) {
            synchronized (FakeLog.this) {
                if (registered != null) {
                    waiting.remove(registered);
                }
                registered = callback;
                if (next < entries.size()) {
                    callback.run();
                } else {
                    waiting.add(callback);
                }
            }
        }

        @Override
        public void close() {
            synchronized (FakeLog.this) {
                if (registered != null) {
                    waiting.remove(registered);
                }
            }
        }
    }
}
