package io.berth.usage;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was used in one step, by one container or tenant or all together.
 *
 * @param amounts in smallest units; of each resource that was used
 */
public record UsagePoint(
        Instant at, @Nullable String key, @Nullable String name, Map<MeteredResource, Double> amounts) {

    /** In the unit of answers; 0 if nothing was used. */
    public double amount(MeteredResource resource) {
        return resource.inUnits(amounts.getOrDefault(resource, 0.0));
    }

    /** @param rows those of a point stand together */
    static List<UsagePoint> of(List<UsageRow> rows) {
        List<UsagePoint> points = new ArrayList<>();
        for (UsageRow row : rows) {
            UsagePoint open = points.isEmpty() ? null : points.get(points.size() - 1);
            if (open == null || !open.at().equals(row.at()) || !Objects.equals(open.key(), row.key())) {
                open = new UsagePoint(row.at(), row.key(), row.name(), new EnumMap<>(MeteredResource.class));
                points.add(open);
            }
            open.amounts().put(row.resource(), row.amount());
        }
        return points;
    }
}
