package io.berth.containers.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.containers.ContainerInsight;
import io.berth.engine.ContainerStats;
import io.berth.engine.FileChange;
import io.berth.engine.ProcessInfo;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What a container uses, runs and has changed. */
@Path("/api/v1/tenants/{tenant}/containers/{container}")
@Blocking
public class InsightResource {

    static final String NDJSON = "application/x-ndjson";

    private static final int MAX_CHANGES = 10_000;

    private final ContainerInsight insight;
    private final ObjectMapper mapper;
    private final Access access;

    InsightResource(ContainerInsight insight, ObjectMapper mapper, Access access) {
        this.insight = insight;
        this.mapper = mapper;
        this.access = access;
    }

    @GET
    @Path("stats")
    @Produces(MediaType.APPLICATION_JSON)
    public ContainerStats stats(@PathParam("tenant") String tenantName, @PathParam("container") String container) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return insight.stats(tenant, container);
    }

    @GET
    @Path("stats")
    @Produces(NDJSON)
    public Multi<byte[]> statsLines(@PathParam("tenant") String tenantName, @PathParam("container") String container) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return everySecond(tenant, container).map(this::json);
    }

    @GET
    @Path("stats")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> statsEvents(
            @PathParam("tenant") String tenantName, @PathParam("container") String container, @Context Sse sse) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return everySecond(tenant, container)
                .map(stats -> sse.newEventBuilder()
                        .name("stats")
                        .data(new String(json(stats), StandardCharsets.UTF_8))
                        .build());
    }

    @GET
    @Path("processes")
    @Produces(MediaType.APPLICATION_JSON)
    public ProcessesView processes(@PathParam("tenant") String tenantName, @PathParam("container") String container) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return new ProcessesView(insight.processes(tenant, container));
    }

    @GET
    @Path("changes")
    @Produces(MediaType.APPLICATION_JSON)
    public ChangesView changes(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @QueryParam("limit") @DefaultValue("1000") @Min(1) @Max(MAX_CHANGES) int limit) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        List<FileChange> changes = insight.changes(tenant, container, limit);
        return new ChangesView(changes.stream().map(ChangeView::of).toList(), changes.size() == limit);
    }

    /** The processes of a container, as seen inside. */
    public record ProcessesView(List<ProcessInfo> processes) {}

    /** @param truncated whether there may be more than was asked for */
    public record ChangesView(List<ChangeView> changes, boolean truncated) {}

    /** @param kind added, modified or deleted */
    public record ChangeView(String path, String kind) {
        static ChangeView of(FileChange change) {
            return new ChangeView(change.path(), change.kind().name().toLowerCase(Locale.ROOT));
        }
    }

    /** Ends when the container does. A client that is slow misses samples. */
    private Multi<ContainerStats> everySecond(TenantId tenant, String container) {
        ContainerStats first = insight.stats(tenant, container);
        Multi<ContainerStats> later = Multi.createFrom()
                .ticks()
                .startingAfter(Duration.ofSeconds(1))
                .every(Duration.ofSeconds(1))
                .onOverflow()
                .drop()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(tick -> insight.stats(tenant, container))
                .onFailure()
                .recoverWithCompletion();
        return Multi.createBy().concatenating().streams(Multi.createFrom().item(first), later);
    }

    private byte[] json(ContainerStats stats) {
        try {
            return mapper.writeValueAsBytes(stats);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("figures can always be written", e);
        }
    }
}
