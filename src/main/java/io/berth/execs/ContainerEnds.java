package io.berth.execs;

import io.berth.containers.ContainerWatch;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Tells the execs of their containers' ends. */
@ApplicationScoped
class ContainerEnds {

    /** Before the reconciler finds those that ended while the server was away. */
    void onStart(@Observes @Priority(290) StartupEvent event, ContainerWatch watch, ExecService execs) {
        watch.onChange(container -> {
            if (container.state().isEnded()) {
                execs.containerEnded(container.id());
            }
        });
    }
}
