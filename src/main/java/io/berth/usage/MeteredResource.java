package io.berth.usage;

import java.util.Locale;

/** What is metered. The database keeps whole numbers of the smallest unit; a further resource is a further entry. */
public enum MeteredResource {
    /** Nanoseconds of CPU. */
    CPU("cpuSeconds", 1_000_000_000) {
        @Override
        long counter(Counters counters) {
            return counters.cpuNanos();
        }
    },
    /** Bytes times seconds that they were held, page cache included. */
    MEMORY("memoryGiBSeconds", 1L << 30) {
        @Override
        long used(Interval interval) {
            return Math.round(interval.memoryBytes() * interval.seconds());
        }
    },
    /** Bytes times seconds that a writable layer occupied them, whether the container ran or not: charged by {@link DiskMeter}. */
    DISK("diskGiBSeconds", 1L << 30) {
        @Override
        long used(Interval interval) {
            return 0;
        }
    },
    NETWORK_RECEIVED("networkReceivedBytes", 1) {
        @Override
        long counter(Counters counters) {
            return counters.networkReceived();
        }
    },
    NETWORK_SENT("networkSentBytes", 1) {
        @Override
        long counter(Counters counters) {
            return counters.networkSent();
        }
    };

    private final String wireName;
    private final long smallestUnits;

    MeteredResource(String wireName, long smallestUnits) {
        this.wireName = wireName;
        this.smallestUnits = smallestUnits;
    }

    /** As it stands in answers, unit included. */
    public String wireName() {
        return wireName;
    }

    /** As it stands in the first line of CSV: {@code cpu_seconds}. */
    public String columnName() {
        return wireName.replace("GiB", "Gib")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }

    /** An amount of smallest units in the unit of answers. */
    public double inUnits(double amount) {
        return amount / smallestUnits;
    }

    /** What was used in an interval: by default what the counter grew by. */
    long used(Interval interval) {
        long now = counter(interval.now());
        long before = counter(interval.before());
        // a counter that went back was set to zero in between
        return now >= before ? now - before : now;
    }

    /** The counter of a resource that has one. */
    long counter(Counters counters) {
        throw new UnsupportedOperationException(this + " is not counted");
    }
}
