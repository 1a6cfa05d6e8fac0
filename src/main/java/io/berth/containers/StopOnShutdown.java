package io.berth.containers;

import io.berth.BerthConfig;
import io.berth.containers.store.ContainerRepository;
import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.EngineException;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Stops every container when the server stops, where the operator wants that ({@code --stop-containers}). What they
 * should be is not changed: at the next start the ones whose restart policy says so run again.
 */
@ApplicationScoped
class StopOnShutdown {

    private static final Logger LOG = Logger.getLogger(StopOnShutdown.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 50;

    private final BerthConfig config;
    private final ContainerRepository repository;
    private final ContainerEngine engine;

    StopOnShutdown(BerthConfig config, ContainerRepository repository, ContainerEngine engine) {
        this.config = config;
        this.repository = repository;
        this.engine = engine;
    }

    void onStop(@Observes ShutdownEvent event) {
        if (config.stopContainers()) {
            stopAll();
        }
    }

    private void stopAll() {
        // from here on an exit is not to be answered by a restart
        engine.onExit((id, exit) -> LOG.debugf("%s has stopped", id));
        Map<ContainerId, Integer> asked = new HashMap<>();
        for (ContainerId id : repository.idsIn(EnumSet.of(ContainerState.RUNNING, ContainerState.PAUSED))) {
            repository
                    .findContainer(id)
                    .ifPresent(container -> asked.put(id, container.launch().stopSignal()));
        }
        LOG.infof("stopping %d containers", asked.size());
        asked.forEach(this::ask);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (asked.keySet().stream().anyMatch(this::isAlive) && System.nanoTime() < deadline) {
            if (!pause()) {
                break;
            }
        }
        asked.keySet().stream().filter(this::isAlive).forEach(this::kill);
    }

    private void ask(ContainerId id, int signal) {
        try {
            if (engine.status(id)
                    .filter(ContainerStatus.Paused.class::isInstance)
                    .isPresent()) {
                engine.resume(id);
            }
            engine.signal(id, signal);
        } catch (EngineException e) {
            LOG.debugf(e, "could not ask %s to stop", id);
        }
    }

    private void kill(ContainerId id) {
        try {
            engine.kill(id);
        } catch (EngineException e) {
            LOG.warnf(e, "could not kill %s", id);
        }
    }

    private boolean isAlive(ContainerId id) {
        return engine.status(id)
                .filter(status -> !(status instanceof ContainerStatus.Stopped))
                .isPresent();
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
