package io.berth.engine;

/** Holds a walk through files back, so that it does not hurt what else runs. */
@FunctionalInterface
public interface WalkPace {
    /** Called before each entry is looked at; blocks until it may be. */
    void next() throws InterruptedException;
}
