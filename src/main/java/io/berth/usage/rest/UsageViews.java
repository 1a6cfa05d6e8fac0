package io.berth.usage.rest;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import io.berth.usage.MeteredResource;
import io.berth.usage.UsagePoint;
import io.berth.usage.UsageQuery;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Usage as JSON and CSV. */
final class UsageViews {

    private UsageViews() {}

    /** A tenant's usage: as it is now, and metered. */
    record TenantUsage(String tenant, Map<String, UsageNowView> now, Metered metered) {}

    /** @param step seconds */
    record Metered(Instant from, Instant to, long step, List<Point> series, Map<String, Number> total) {

        static Metered of(UsageQuery query, List<UsagePoint> points) {
            return new Metered(
                    query.from(),
                    query.to(),
                    query.step().toSeconds(),
                    points.stream().map(point -> Point.of(query, point)).toList(),
                    total(points));
        }

        private static Map<String, Number> total(List<UsagePoint> points) {
            Map<String, Number> total = new LinkedHashMap<>();
            for (MeteredResource resource : MeteredResource.values()) {
                total.put(
                        resource.wireName(),
                        points.stream()
                                .mapToDouble(point -> point.amount(resource))
                                .sum());
            }
            return total;
        }
    }

    /** A step of the series; each resource is a member of its own. */
    record Point(
            Instant at,
            @Nullable String tenant,
            @Nullable String container,
            @Nullable String containerName,
            @JsonAnyGetter Map<String, Number> amounts) {

        static Point of(UsageQuery query, UsagePoint point) {
            Map<String, Number> amounts = new LinkedHashMap<>();
            for (MeteredResource resource : MeteredResource.values()) {
                amounts.put(resource.wireName(), number(point.amount(resource)));
            }
            boolean byContainer = query.group().isByContainer();
            return new Point(
                    point.at(),
                    byContainer ? null : point.key(),
                    byContainer ? point.key() : null,
                    point.name(),
                    amounts);
        }
    }

    /** With a first line of names; nothing in it needs quoting, since ids and names have neither commas nor quotes. */
    static String csv(UsageQuery query, List<UsagePoint> points) {
        String columns = Arrays.stream(MeteredResource.values())
                .map(MeteredResource::columnName)
                .collect(Collectors.joining(","));
        String keys = switch (query.group()) {
            case ALL -> "at,";
            case CONTAINER -> "at,container,container_name,";
            case TENANT -> "at,tenant,";
        };
        StringBuilder csv = new StringBuilder(keys + columns + "\r\n");
        for (UsagePoint point : points) {
            Stream<String> key = Stream.of(point.key(), point.name())
                    .limit(
                            query.group() == UsageQuery.Group.ALL
                                    ? 0
                                    : query.group().isByContainer() ? 2 : 1)
                    .map(text -> text == null ? "" : text);
            Stream<String> amounts = Arrays.stream(MeteredResource.values())
                    .map(resource -> number(point.amount(resource)))
                    .map(UsageViews::plain);
            csv.append(point.at()).append(',');
            csv.append(Stream.concat(key, amounts).collect(Collectors.joining(",")));
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private static String plain(Number number) {
        return number instanceof BigDecimal decimal ? decimal.toPlainString() : number.toString();
    }

    /** Whole numbers as such, and none with an exponent. */
    private static Number number(double value) {
        BigDecimal number = BigDecimal.valueOf(value).stripTrailingZeros();
        return number.scale() <= 0 ? number.toBigInteger() : number;
    }
}
