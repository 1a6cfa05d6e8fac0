package io.berth.images.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.paging.Page;
import io.berth.images.credentials.RegistryCredentials;
import io.berth.images.credentials.StoredRegistry;
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
import jakarta.ws.rs.core.MediaType;

/** What a tenant signs in with at registries. Nobody is shown it again. */
@Path("/api/v1/tenants/{tenant}/registries")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class RegistryResource {

    private final RegistryCredentials credentials;
    private final Access access;

    RegistryResource(RegistryCredentials credentials, Access access) {
        this.credentials = credentials;
        this.access = access;
    }

    @GET
    public Page<StoredRegistry> list(@PathParam("tenant") String tenantName) {
        TenantId tenant = access.require(tenantName, Permission.SECRETS_READ);
        return new Page<>(credentials.list(tenant), null);
    }

    @GET
    @Path("{host}")
    public StoredRegistry get(@PathParam("tenant") String tenantName, @PathParam("host") String host) {
        TenantId tenant = access.require(tenantName, Permission.SECRETS_READ);
        return credentials.get(tenant, host);
    }

    @PUT
    @Path("{host}")
    @Consumes(MediaType.APPLICATION_JSON)
    public StoredRegistry put(
            @PathParam("tenant") String tenantName,
            @PathParam("host") String host,
            @Valid @NotNull CredentialsRequest request) {
        TenantId tenant = access.require(tenantName, Permission.SECRETS_WRITE);
        return credentials.put(tenant, host, request.toCredentials());
    }

    @DELETE
    @Path("{host}")
    public void delete(@PathParam("tenant") String tenantName, @PathParam("host") String host) {
        TenantId tenant = access.require(tenantName, Permission.SECRETS_WRITE);
        credentials.delete(tenant, host);
    }
}
