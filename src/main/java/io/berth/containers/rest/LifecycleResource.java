package io.berth.containers.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.http.Bodyless;
import io.berth.api.json.SignalField;
import io.berth.common.BerthException;
import io.berth.common.Signals;
import io.berth.containers.ContainerCommands;
import io.berth.containers.ContainerService;
import io.berth.containers.WaitCondition;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a container does: start, stop, signals, pause, and waiting for it. */
@Path("/api/v1/tenants/{tenant}/containers/{container}")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class LifecycleResource {

    private static final int MAX_STOP_SECONDS = 3600;
    private static final int MAX_WAIT_SECONDS = 600;

    private final ContainerService containers;
    private final ContainerCommands commands;
    private final ContainerViews views;
    private final Access access;

    /** @param signal name or number; SIGKILL if absent */
    public record KillRequest(@Nullable JsonNode signal) {}

    LifecycleResource(ContainerService containers, ContainerCommands commands, ContainerViews views, Access access) {
        this.containers = containers;
        this.commands = commands;
        this.views = views;
        this.access = access;
    }

    @POST
    @Path("start")
    @Bodyless
    public ContainerView start(@PathParam("tenant") String tenantName, @PathParam("container") String container) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        return views.of(commands.start(tenant, container));
    }

    @POST
    @Path("stop")
    @Bodyless
    public CompletionStage<ContainerView> stop(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @QueryParam("timeout") @Min(0) @Max(MAX_STOP_SECONDS) @Nullable Integer timeout) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        return commands.stop(tenant, container, seconds(timeout)).thenApply(views::of);
    }

    @POST
    @Path("restart")
    @Bodyless
    public CompletionStage<ContainerView> restart(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @QueryParam("timeout") @Min(0) @Max(MAX_STOP_SECONDS) @Nullable Integer timeout) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        return commands.restart(tenant, container, seconds(timeout)).thenApply(views::of);
    }

    @POST
    @Path("kill")
    @Consumes(MediaType.APPLICATION_JSON)
    public ContainerView kill(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @Nullable KillRequest request) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        return views.of(commands.kill(tenant, container, signal(request)));
    }

    @POST
    @Path("pause")
    @Bodyless
    public ContainerView pause(@PathParam("tenant") String tenantName, @PathParam("container") String container) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        return views.of(commands.pause(tenant, container));
    }

    @POST
    @Path("resume")
    @Bodyless
    public ContainerView resume(@PathParam("tenant") String tenantName, @PathParam("container") String container) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        return views.of(commands.resume(tenant, container));
    }

    @GET
    @Path("wait")
    public CompletionStage<WaitView> await(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @QueryParam("condition") @DefaultValue("stopped") String condition,
            @QueryParam("timeout") @DefaultValue("60") @Min(0) @Max(MAX_WAIT_SECONDS) int timeout) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        WaitCondition wanted = condition(condition);
        return containers
                .await(tenant, container, wanted, Duration.ofSeconds(timeout))
                .thenApply(now -> new WaitView(wanted.isMetBy(now.state()), views.of(now)));
    }

    /**
     * What waiting came to.
     *
     * @param conditionMet false if the time ran out first
     */
    public record WaitView(boolean conditionMet, ContainerView container) {}

    private static @Nullable Duration seconds(@Nullable Integer timeout) {
        return timeout == null ? null : Duration.ofSeconds(timeout);
    }

    private static int signal(@Nullable KillRequest request) {
        JsonNode signal = request == null ? null : request.signal();
        return signal == null || signal.isNull() ? Signals.SIGKILL : SignalField.parse(signal);
    }

    private static WaitCondition condition(String name) {
        try {
            return WaitCondition.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField("?condition", "must be running, stopped or removed");
        }
    }
}
