package io.berth.engine;

/** Hears of last readings, before what counted is removed. Called on an engine thread; hand work elsewhere. */
@FunctionalInterface
public interface MeterListener {
    void read(MeterReading reading);
}
