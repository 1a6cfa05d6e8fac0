package io.berth.containers;

import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import io.berth.engine.ContainerEngine;
import io.berth.engine.LogEntry;
import io.berth.engine.LogReader;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** What containers wrote. */
@ApplicationScoped
public class ContainerLogs {

    private final ContainerService containers;
    private final ContainerEngine engine;
    private final ContainerWatch watch;
    private final ContainerThreads threads;

    ContainerLogs(ContainerService containers, ContainerEngine engine, ContainerWatch watch, ContainerThreads threads) {
        this.containers = containers;
        this.engine = engine;
        this.watch = watch;
        this.threads = threads;
    }

    /**
     * The log of a container, for one subscriber; cancelling the subscription lets go of the files.
     *
     * @param follow whether to go on until the main process ends
     * @throws BerthException {@code INVALID_CURSOR}
     */
    public Flow.Publisher<List<LogEntry>> open(
            TenantId tenant, String idOrName, LogReader.Start start, boolean follow) {
        Container container = containers.get(tenant, idOrName);
        return new LogPublisher(
                reader(container, start),
                follow ? end(container) : CompletableFuture.completedFuture(container),
                threads.helpers());
    }

    private LogReader reader(Container container, LogReader.Start start) {
        try {
            return engine.logs(container.id(), start);
        } catch (IllegalArgumentException e) {
            String message = "not a cursor of this log: take the 'cursor' of a line, or the 'id' of an event";
            throw new BerthException(
                    ErrorCode.INVALID_CURSOR, message, List.of(new FieldError("?cursor", message)), Map.of(), e);
        }
    }

    private CompletableFuture<Container> end(Container container) {
        CompletableFuture<Container> end = watch.next(container.id(), ContainerState::isEnded);
        // looked at again, now that no change can be missed
        boolean alive = containers
                .find(container.tenant(), container.id().value())
                .filter(now -> !now.state().isEnded())
                .isPresent();
        if (!alive) {
            end.complete(container);
        }
        return end;
    }
}
