package io.berth.usage.rest;

import io.berth.api.json.DurationJson;
import io.berth.common.BerthException;
import io.berth.usage.UsageConfig;
import io.berth.usage.UsageQuery;
import io.berth.usage.UsageQuery.Group;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** The query parameters of usage: {@code from}, {@code to}, {@code step}, {@code groupBy}. */
public class UsageParameters {

    private static final Duration USUAL_RANGE = Duration.ofDays(1);
    private static final int MAX_POINTS = 2_000;

    @QueryParam("from")
    @Nullable
    String from;

    @QueryParam("to")
    @Nullable
    String to;

    @QueryParam("step")
    @Nullable
    String step;

    @QueryParam("groupBy")
    @DefaultValue("")
    String groupBy = "";

    /** @throws BerthException naming the parameter that is not good */
    UsageQuery toQuery(UsageConfig config, Instant now) {
        Group group = group();
        return toQuery(config, now, group, config.bucket());
    }

    /** One sum for each tenant, unless a step is given. */
    UsageQuery toQueryOverTenants(UsageConfig config, Instant now) {
        if (!groupBy.isEmpty()) {
            throw BerthException.invalidField("?groupBy", "is of one tenant's usage only");
        }
        return toQuery(config, now, Group.TENANT, null);
    }

    private UsageQuery toQuery(UsageConfig config, Instant now, Group group, @Nullable Duration usualStep) {
        Instant end = to == null ? now : time("?to", to);
        Instant wanted = from == null ? end.minus(USUAL_RANGE) : time("?from", from);
        Instant begin = floor(wanted, config.bucket());
        Duration range = Duration.between(begin, end);
        if (range.isNegative() || range.isZero()) {
            throw BerthException.invalidField("?from", "must be before 'to'");
        }
        if (range.compareTo(config.retention().plus(config.bucket())) > 0) {
            throw BerthException.invalidField(
                    "?from", "must be at most " + days(config.retention()) + " before 'to': usage is kept as long");
        }
        Duration whole = config.bucket().multipliedBy(ceil(range, config.bucket()));
        Duration each = step != null ? step(config) : usualStep == null ? whole : usualStep;
        if (ceil(range, each) > MAX_POINTS) {
            throw BerthException.invalidField(
                    "?step", "makes more than " + MAX_POINTS + " points: choose a longer one, or a shorter time");
        }
        return new UsageQuery(begin, end, each, group);
    }

    private Duration step(UsageConfig config) {
        Duration given;
        try {
            given = DurationJson.parse(String.valueOf(step));
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField("?step", String.valueOf(e.getMessage()));
        }
        if (given.isZero() || given.toSeconds() % config.bucket().toSeconds() != 0) {
            throw BerthException.invalidField(
                    "?step", "must be a multiple of " + config.bucket().toSeconds() + "s, by which usage is kept");
        }
        return given;
    }

    private Group group() {
        return switch (groupBy) {
            case "" -> Group.ALL;
            case "container" -> Group.CONTAINER;
            default -> throw BerthException.invalidField("?groupBy", "must be 'container', or absent");
        };
    }

    private static Instant time(String pointer, String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            if (time.isAfter(Instant.EPOCH) && time.isBefore(Instant.parse("3000-01-01T00:00:00Z"))) {
                return time;
            }
        } catch (DateTimeParseException notATime) {
            // refused below
        }
        throw BerthException.invalidField(pointer, "must be a time such as 2026-01-31T00:00:00Z (RFC 3339)");
    }

    private static long ceil(Duration range, Duration step) {
        return (range.toSeconds() + step.toSeconds() - 1) / step.toSeconds();
    }

    private static String days(Duration retention) {
        return retention.toDays() + " days";
    }

    private static Instant floor(Instant time, Duration bucket) {
        return Instant.ofEpochSecond(time.getEpochSecond() - time.getEpochSecond() % bucket.toSeconds());
    }
}
