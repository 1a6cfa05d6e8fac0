package io.berth.identity.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.identity.Member;
import io.berth.identity.MemberService;
import io.berth.identity.Membership;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who belongs to a tenant, and as what. */
@Path("/api/v1/tenants/{tenant}/members")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class MemberResource {

    private final MemberService members;
    private final Access access;

    MemberResource(MemberService members, Access access) {
        this.members = members;
        this.access = access;
    }

    /** The role to be given. */
    public record RoleRequest(@NotNull Role role) {}

    /**
     * A member as JSON.
     *
     * @param role that counts: the greatest that any source gives
     */
    public record MemberView(
            String id, String name, String displayName, boolean disabled, Role role, List<SourceView> sources) {

        static MemberView of(Member member) {
            return new MemberView(
                    member.user().id(),
                    member.user().name(),
                    member.user().displayName(),
                    member.user().disabled(),
                    member.role(),
                    member.roles().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(entry -> new SourceView(entry.getKey(), entry.getValue()))
                            .toList());
        }
    }

    /** What one source says. */
    public record SourceView(Membership.Source source, Role role) {}

    @GET
    public Response list(
            @PathParam("tenant") String tenantName,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri) {
        TenantId tenant = access.require(tenantName, Permission.MEMBERS_READ);
        return Pages.respond(members.list(tenant, PageRequest.of(cursor, limit)).map(MemberView::of), uri);
    }

    @GET
    @Path("{user}")
    public MemberView get(@PathParam("tenant") String tenantName, @PathParam("user") String user) {
        return MemberView.of(members.get(access.require(tenantName, Permission.MEMBERS_READ), user));
    }

    @PUT
    @Path("{user}")
    @Consumes(MediaType.APPLICATION_JSON)
    public MemberView put(
            @PathParam("tenant") String tenantName,
            @PathParam("user") String user,
            @Valid @NotNull RoleRequest request) {
        TenantId tenant = access.require(tenantName, Permission.MEMBERS_WRITE);
        return MemberView.of(members.put(access.principal(), tenant, user, request.role()));
    }

    @DELETE
    @Path("{user}")
    public void remove(@PathParam("tenant") String tenantName, @PathParam("user") String user) {
        TenantId tenant = access.require(tenantName, Permission.MEMBERS_WRITE);
        members.remove(access.principal(), tenant, user);
    }
}
