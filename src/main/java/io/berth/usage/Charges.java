package io.berth.usage;

import io.berth.engine.ContainerId;
import io.berth.engine.GroupId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Amounts to be added to buckets. Nothing is lost or made by spreading: the parts add up to the whole. */
final class Charges {

    private final Duration bucket;
    private final Duration retention;
    private final Map<Place, Long> amounts = new LinkedHashMap<>();

    /** Where an amount belongs. */
    record Place(GroupId group, ContainerId container, Instant bucket, MeteredResource resource) {}

    /** @param retention what is older is not charged any more, but with the oldest bucket that is kept */
    Charges(Duration bucket, Duration retention) {
        this.bucket = bucket;
        this.retention = retention;
    }

    void add(GroupId group, ContainerId container, Interval interval) {
        for (MeteredResource resource : MeteredResource.values()) {
            spread(group, container, interval, resource, resource.used(interval));
        }
    }

    /** By the time that falls into each bucket. */
    private void spread(
            GroupId group, ContainerId container, Interval interval, MeteredResource resource, long amount) {
        Instant to = interval.to();
        Instant oldest = to.minus(retention);
        Instant from = interval.from().isBefore(oldest) ? oldest : interval.from();
        double total = Duration.between(from, to).toNanos();
        long charged = 0;
        for (Instant start = bucketOf(from); start.isBefore(bucketOf(to)); start = start.plus(bucket)) {
            double elapsed = Duration.between(from, start.plus(bucket)).toNanos();
            long soFar = Math.round(amount * (elapsed / total));
            put(new Place(group, container, start, resource), soFar - charged);
            charged = soFar;
        }
        put(new Place(group, container, bucketOf(to), resource), amount - charged);
    }

    private void put(Place place, long amount) {
        if (amount != 0) {
            amounts.merge(place, amount, Long::sum);
        }
    }

    private Instant bucketOf(Instant time) {
        return floor(time, bucket);
    }

    /** The beginning of what the time falls into. */
    static Instant floor(Instant time, Duration step) {
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), step.toSeconds()) * step.toSeconds());
    }

    Map<Place, Long> amounts() {
        return amounts;
    }
}
