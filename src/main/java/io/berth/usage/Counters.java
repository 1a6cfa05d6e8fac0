package io.berth.usage;

import io.berth.engine.MeterReading;

/** Counters of a run at one time. */
record Counters(long cpuNanos, long networkReceived, long networkSent) {

    static final Counters ZERO = new Counters(0, 0, 0);

    static Counters of(MeterReading reading) {
        return new Counters(reading.cpuNanos(), reading.networkReceivedBytes(), reading.networkSentBytes());
    }

    static Counters of(LastReading reading) {
        return new Counters(reading.cpuNanos(), reading.networkReceived(), reading.networkSent());
    }
}
