package io.berth.containers.rest;

import io.berth.common.BerthException;
import io.berth.engine.LogEntry;
import io.berth.engine.LogReader;
import io.berth.engine.OutputStreamKind;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** The query parameters of a log. */
@NullUnmarked
public class LogParameters {

    private static final int MAX_TAIL = 100_000;

    @QueryParam("follow")
    @DefaultValue("false")
    public boolean follow;

    @QueryParam("since")
    public String since;

    @QueryParam("until")
    public String until;

    @QueryParam("tail")
    public Integer tail;

    @QueryParam("timestamps")
    @DefaultValue("false")
    public boolean timestamps;

    @QueryParam("stream")
    public String stream;

    @QueryParam("cursor")
    public String cursor;

    /** @param lastEventId a cursor that wins over the one in the query */
    LogReader.Start start(@Nullable String lastEventId) {
        if (tail != null && (tail < 0 || tail > MAX_TAIL)) {
            throw BerthException.invalidField("?tail", "must be from 0 to " + MAX_TAIL + ", not " + tail);
        }
        String after = lastEventId != null && !lastEventId.isEmpty() ? lastEventId : cursor;
        if (after != null && after.length() > 256) {
            throw BerthException.invalidField("?cursor", "is not a cursor of this log");
        }
        return new LogReader.Start(after, time("?since", since), tail, kind());
    }

    Filter filter() {
        return new Filter(kind(), time("?until", until));
    }

    /** Which entries are wanted. */
    record Filter(
            @Nullable OutputStreamKind stream, @Nullable Instant until) {
        boolean test(LogEntry entry) {
            return (stream == null || entry.stream() == stream)
                    && (until == null || !entry.at().isAfter(until));
        }

        boolean isPast(LogEntry entry) {
            return until != null && entry.at().isAfter(until);
        }
    }

    private @Nullable OutputStreamKind kind() {
        if (stream == null || stream.equals("both")) {
            return null;
        }
        try {
            return OutputStreamKind.valueOf(stream.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField("?stream", "must be stdout, stderr or both");
        }
    }

    /** A time (RFC 3339), or how long ago: {@code 90s}, {@code 5m}, {@code PT1H}. */
    private static @Nullable Instant time(String parameter, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            if (text.matches("\\d{1,9}[smh]")) {
                return Clock.systemUTC().instant().minus(Duration.parse("PT" + text));
            }
            return text.startsWith("P") ? Clock.systemUTC().instant().minus(Duration.parse(text)) : Instant.parse(text);
        } catch (DateTimeException | ArithmeticException e) {
            throw BerthException.invalidField(
                    parameter, "must be a time such as 2030-01-31T12:00:00Z, or 5m for so long ago");
        }
    }
}
