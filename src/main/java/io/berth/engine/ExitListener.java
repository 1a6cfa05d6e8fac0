package io.berth.engine;

/** Hears of ends of main processes. Called on an engine thread; hand long work elsewhere. */
@FunctionalInterface
public interface ExitListener {
    void exited(ContainerId container, Exit exit);
}
