package io.berth.containers.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.http.EntityTags;
import io.berth.api.http.Prefer;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.idempotency.NewIds;
import io.berth.api.json.MergePatch;
import io.berth.api.paging.LabelFilter;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.common.BerthException;
import io.berth.containers.Container;
import io.berth.containers.ContainerCommands;
import io.berth.containers.ContainerQuery;
import io.berth.containers.ContainerService;
import io.berth.containers.ContainerSpec;
import io.berth.containers.ContainerState;
import io.berth.containers.CreateOutcome;
import io.berth.containers.health.HealthChecks;
import io.berth.containers.health.HealthStatus;
import io.berth.engine.ContainerId;
import io.berth.operations.rest.OperationView;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Containers: list, create, look at, edit, delete. */
@Path("/api/v1/tenants/{tenant}/containers")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ContainerResource {

    private final ContainerService containers;
    private final ContainerCommands commands;
    private final ContainerPatches patches;
    private final ContainerViews views;
    private final HealthChecks health;
    private final NewIds ids;
    private final Access access;

    ContainerResource(
            ContainerService containers,
            ContainerCommands commands,
            ContainerPatches patches,
            ContainerViews views,
            HealthChecks health,
            NewIds ids,
            Access access) {
        this.containers = containers;
        this.commands = commands;
        this.patches = patches;
        this.views = views;
        this.health = health;
        this.ids = ids;
        this.access = access;
    }

    @GET
    public Response list(
            @PathParam("tenant") String tenantName,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("state") List<String> states,
            @QueryParam("health") List<String> statuses,
            @QueryParam("label") List<String> labels,
            @QueryParam("q") @Nullable String text,
            @Context UriInfo uri) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        Set<ContainerId> among = statuses.isEmpty() ? null : health.idsOf(tenant, parseHealth(statuses));
        ContainerQuery query =
                new ContainerQuery(parseStates(states), LabelFilter.parse(labels), parseText(text), among);
        return Pages.respond(
                containers.list(tenant, query, PageRequest.of(cursor, limit)).map(views::listed), uri);
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Idempotent
    public Response create(
            @PathParam("tenant") String tenantName,
            @QueryParam("start") @DefaultValue("true") boolean start,
            @HeaderParam("Prefer") @Nullable String prefer,
            @Nullable ContainerSpec spec) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        if (spec == null) {
            throw BerthException.invalidField("", "a body is required: at least {\"image\": \"busybox\"}");
        }
        CreateOutcome outcome = containers.create(
                tenant, new ContainerId(ids.next(ContainerService.ID_PREFIX)), spec, start, Prefer.isAsync(prefer));
        if (outcome instanceof CreateOutcome.Created created) {
            return Response.created(URI.create(ContainerService.path(created.container())))
                    .tag(Long.toString(created.container().version()))
                    .entity(views.of(created.container()))
                    .build();
        }
        var operation = ((CreateOutcome.Accepted) outcome).operation();
        return Response.accepted(OperationView.of(operation))
                .location(URI.create(OperationView.path(operation.id())))
                .build();
    }

    @GET
    @Path("{container}")
    public Response get(@PathParam("tenant") String tenantName, @PathParam("container") String container) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_READ);
        return tagged(containers.get(tenant, container));
    }

    @PATCH
    @Path("{container}")
    @Consumes({MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response patch(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Nullable JsonNode patch) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        if (patch == null) {
            throw BerthException.invalidField("", "a body is required: what is to change");
        }
        return tagged(commands.update(
                tenant,
                container,
                version -> EntityTags.requireMatch(ifMatch, version),
                edit -> patches.apply(edit, patch)));
    }

    @DELETE
    @Path("{container}")
    public void delete(
            @PathParam("tenant") String tenantName,
            @PathParam("container") String container,
            @QueryParam("force") @DefaultValue("false") boolean force) {
        TenantId tenant = access.require(tenantName, Permission.CONTAINERS_WRITE);
        commands.delete(tenant, container, force);
    }

    private Response tagged(Container container) {
        return Response.ok(views.of(container))
                .tag(Long.toString(container.version()))
                .build();
    }

    private static Set<ContainerState> parseStates(List<String> names) {
        Set<ContainerState> states = EnumSet.noneOf(ContainerState.class);
        for (String name : names) {
            try {
                states.add(ContainerState.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw BerthException.invalidField(
                        "?state", "must be created, running, paused, stopped, failed or deleting");
            }
        }
        return states;
    }

    private static Set<HealthStatus> parseHealth(List<String> names) {
        Set<HealthStatus> statuses = EnumSet.noneOf(HealthStatus.class);
        for (String name : names) {
            try {
                statuses.add(HealthStatus.valueOf(name.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                throw BerthException.invalidField("?health", "must be starting, healthy or unhealthy");
            }
        }
        return statuses;
    }

    private static @Nullable String parseText(@Nullable String text) {
        if (text != null && (text.length() > 256 || text.indexOf('\0') >= 0)) {
            throw BerthException.invalidField("?q", "must be at most 256 characters");
        }
        return text == null || text.isEmpty() ? null : text;
    }
}
