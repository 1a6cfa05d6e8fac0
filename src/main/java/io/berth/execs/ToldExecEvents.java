package io.berth.execs;

import io.berth.containers.ContainerHandle;
import io.berth.engine.ExecId;
import io.berth.engine.Exit;
import io.berth.events.DeferredEvents;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Tells them to those who follow the tenant's events; not what they run, since arguments may hold secrets. */
@ApplicationScoped
class ToldExecEvents implements ExecEvents {

    private final DeferredEvents events;

    ToldExecEvents(DeferredEvents events) {
        this.events = events;
    }

    @Override
    public void started(ContainerHandle container, ExecId exec, boolean tty, CompletionStage<Exit> exit) {
        String containerId = container.id().value();
        events.append(container.tenant(), "exec.started", exec.value(), Map.of("container", containerId, "tty", tty));
        var unused = exit.thenAccept(how -> events.append(
                container.tenant(),
                "exec.ended",
                exec.value(),
                Map.of("container", containerId, "tty", tty, "exitCode", how.code())));
    }
}
