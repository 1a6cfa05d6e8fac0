package io.berth.terminal.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.common.BerthException;
import io.berth.tenants.TenantId;
import io.berth.terminal.Role;
import io.berth.terminal.TicketService;
import io.berth.terminal.TicketService.IssuedTicket;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Tickets, for clients such as browsers that can put nothing but a URL into a WebSocket's handshake. */
@Path("/api/v1/tenants/{tenant}/containers/{container}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class TicketResource {

    private final TicketService tickets;
    private final Access access;

    TicketResource(TicketService tickets, Access access) {
        this.tickets = tickets;
        this.access = access;
    }

    /** Body, which may be absent. {@code role} is {@code writer} unless told otherwise. */
    public record TicketRequest(@Nullable String role) {}

    @POST
    @Path("/attach/ticket")
    public Response forMainProcess(
            @PathParam("tenant") String tenant,
            @PathParam("container") String container,
            @Nullable TicketRequest request) {
        return issue(tenant, container, null, request);
    }

    @POST
    @Path("/execs/{exec}/attach/ticket")
    public Response forExec(
            @PathParam("tenant") String tenant,
            @PathParam("container") String container,
            @PathParam("exec") String exec,
            @Nullable TicketRequest request) {
        return issue(tenant, container, exec, request);
    }

    private Response issue(String tenant, String container, @Nullable String exec, @Nullable TicketRequest request) {
        TenantId id = access.require(tenant, Permission.EXEC);
        IssuedTicket ticket = tickets.issue(access.principal(), id, container, exec, role(request));
        return Response.status(Response.Status.CREATED).entity(ticket).build();
    }

    private static Role role(@Nullable TicketRequest request) {
        String role = request == null ? null : request.role();
        if (role == null || "writer".equals(role)) {
            return Role.WRITER;
        }
        if ("viewer".equals(role)) {
            return Role.VIEWER;
        }
        throw BerthException.invalidField("/role", "must be 'writer' or 'viewer'");
    }
}
