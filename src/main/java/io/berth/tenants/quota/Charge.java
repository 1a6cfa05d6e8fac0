package io.berth.tenants.quota;

import java.util.EnumSet;
import java.util.Set;

/** What takes up a resource, and gives it back when it is over. */
public enum Charge {
    /** Every container, from the request that makes it until it is gone. */
    CONTAINER_EXISTS("a container, until it is deleted", EnumSet.allOf(ContainerPhase.class)),
    /** Containers that run, will in a moment, or keep their place while they wait for a restart. */
    CONTAINER_RUNS(
            "a container that runs",
            EnumSet.of(ContainerPhase.STARTING, ContainerPhase.RUNNING, ContainerPhase.PAUSED)),
    /** Every reference of the tenant to an image. */
    IMAGE_EXISTS("a reference to an image, until it is deleted", EnumSet.noneOf(ContainerPhase.class)),
    /** A process beside a container's main process, on pipes or on a terminal, until it ends. */
    EXEC_RUNS("an exec or terminal session, until it ends", EnumSet.noneOf(ContainerPhase.class)),
    /** A request to the API, or the opening of a stream. */
    REQUEST("a request, for a minute at most", EnumSet.noneOf(ContainerPhase.class)),
    /** Nothing: it bounds what a single container may ask for. */
    NOTHING("nothing: it bounds each container by itself", EnumSet.noneOf(ContainerPhase.class));

    private final String words;
    private final Set<ContainerPhase> phases;

    Charge(String words, Set<ContainerPhase> phases) {
        this.words = words;
        this.phases = Set.copyOf(phases);
    }

    /** Whether a container in this phase takes it up. */
    public boolean isMadeBy(ContainerPhase phase) {
        return phases.contains(phase);
    }

    public String words() {
        return words;
    }
}
