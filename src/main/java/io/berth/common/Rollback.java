package io.berth.common;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jboss.logging.Logger;

/**
 * Undo steps of a sequence of actions. Closing it runs them in reverse, unless {@link #disarm()} was called: a failed
 * sequence leaves nothing behind. An undo that fails is logged and the next one runs all the same.
 */
public final class Rollback implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Rollback.class);

    private final Deque<Step> steps = new ArrayDeque<>();

    /** An action that undoes another. Must be safe to run when the other one was only half done. */
    @FunctionalInterface
    public interface Undo {
        void run() throws Exception;
    }

    private record Step(String name, Undo undo) {}

    public void push(String name, Undo undo) {
        steps.push(new Step(name, undo));
    }

    /** Forgets every step: the sequence has succeeded. */
    public void disarm() {
        steps.clear();
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // an undo must not keep the others from running
    public void close() {
        while (!steps.isEmpty()) {
            Step step = steps.pop();
            try {
                step.undo().run();
            } catch (Exception e) {
                LOG.warnf(e, "could not undo: %s", step.name());
            }
        }
    }
}
