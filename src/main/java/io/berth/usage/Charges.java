package io.berth.usage;

import io.berth.engine.ContainerId;
import io.berth.engine.DiskReading;
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
            add(group, container, interval.from(), interval.to(), resource, resource.used(interval));
        }
    }

    /** Spreads an amount by the time that falls into each bucket. */
    void add(GroupId group, ContainerId container, Instant begin, Instant to, MeteredResource resource, long amount) {
        Instant oldest = to.minus(retention);
        Instant from = begin.isBefore(oldest) ? oldest : begin;
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

    /** What a container occupied from a measurement to a later time, if it is later: as if nothing had changed in between. */
    void addDisk(DiskReading reading, Instant until) {
        if (until.isAfter(reading.at())) {
            double seconds = Duration.between(reading.at(), until).toNanos() / 1e9;
            long amount = Math.round(reading.size().bytes() * seconds);
            add(reading.group(), reading.container(), reading.at(), until, MeteredResource.DISK, amount);
        }
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
