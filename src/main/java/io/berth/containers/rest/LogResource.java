package io.berth.containers.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.containers.ContainerLogs;
import io.berth.engine.LogEntry;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a container wrote: as plain text, as JSON lines, as events that can be resumed. */
@Path("/api/v1/tenants/{tenant}/containers/{container}/logs")
@Blocking
public class LogResource {

    private final ContainerLogs logs;
    private final LogLines lines;
    private final Access access;

    LogResource(ContainerLogs logs, LogLines lines, Access access) {
        this.logs = logs;
        this.lines = lines;
        this.access = access;
    }

    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public Multi<byte[]> text(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @BeanParam LogParameters parameters) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return read(tenant, container, parameters, null).map(batch -> lines.text(batch, parameters.timestamps));
    }

    @GET
    @Produces(InsightResource.NDJSON)
    public Multi<byte[]> json(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @BeanParam LogParameters parameters) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return read(tenant, container, parameters, null).map(lines::json);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> events(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @BeanParam LogParameters parameters,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context Sse sse) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return read(tenant, container, parameters, lastEventId)
                .onItem()
                .<LogEntry>disjoint()
                .map(entry -> event(entry, sse));
    }

    private Multi<List<LogEntry>> read(
            TenantId tenant, String container, LogParameters parameters, @Nullable String lastEventId) {
        LogParameters.Filter filter = parameters.filter();
        return Multi.createFrom()
                .publisher(logs.open(tenant, container, parameters.start(lastEventId), parameters.follow))
                .select()
                .first(batch -> !filter.isPast(batch.get(0)))
                .map(batch -> batch.stream().filter(filter::test).toList())
                .select()
                .where(batch -> !batch.isEmpty());
    }

    private OutboundSseEvent event(LogEntry entry, Sse sse) {
        return sse.newEventBuilder()
                .id(entry.cursor())
                .name("log")
                .data(lines.event(entry))
                .build();
    }
}
