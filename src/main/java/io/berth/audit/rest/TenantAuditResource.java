package io.berth.audit.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.audit.AuditQuery;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jspecify.annotations.Nullable;

/** The audit of a tenant, for its owners. */
@Path("/api/v1/tenants/{tenant}/audit")
@Blocking
public class TenantAuditResource {

    private final AuditAnswers answers;
    private final TenantDirectory tenants;
    private final Access access;

    TenantAuditResource(AuditAnswers answers, TenantDirectory tenants, Access access) {
        this.answers = answers;
        this.tenants = tenants;
        this.access = access;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, AuditAnswers.NDJSON})
    public Response list(
            @PathParam("tenant") String tenantName,
            @BeanParam AuditParameters parameters,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return answers.answer(query(tenantName, parameters), cursor, limit, uri, headers);
    }

    /** A tenant of that name that was deleted before has an audit too, which is not its namesake's. */
    private AuditQuery query(String tenantName, AuditParameters parameters) {
        TenantId tenant = access.require(tenantName, Permission.AUDIT_READ);
        return parameters.query(
                tenant, tenants.find(tenant).map(Tenant::createdAt).orElse(null));
    }
}
