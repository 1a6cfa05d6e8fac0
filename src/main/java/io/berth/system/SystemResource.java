package io.berth.system;

import io.berth.api.auth.Access;
import io.berth.api.auth.Principal;
import io.berth.api.auth.Subject;
import io.berth.api.paging.PageRequest;
import io.berth.engine.ContainerEngine;
import io.berth.engine.EngineInfo;
import io.berth.tenancy.TenantQuery;
import io.berth.tenancy.TenantService;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What this server is, and who the caller is. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class SystemResource {

    private final ContainerEngine engine;
    private final TenantService tenants;
    private final Access access;
    private final String version;

    SystemResource(
            ContainerEngine engine,
            TenantService tenants,
            Access access,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String version) {
        this.engine = engine;
        this.tenants = tenants;
        this.access = access;
        this.version = version;
    }

    /** The server's version and what its engine runs on. */
    public record SystemInfo(String version, String apiVersion, EngineInfo engine) {}

    /** The caller, and tenants it may see: all it is a member of, and for an administrator the first by name. */
    public record Me(Subject subject, String name, boolean admin, List<Membership> tenants) {}

    /** @param role what the caller is in the tenant */
    public record Membership(String tenant, Role role) {}

    @GET
    @Path("system/info")
    public SystemInfo info() {
        access.principal();
        return new SystemInfo(version, "v1", withDiskLimits(engine.info()));
    }

    /** Nothing limits what a container writes, whatever the engine. */
    private static EngineInfo withDiskLimits(EngineInfo info) {
        Map<String, String> features = new LinkedHashMap<>(info.features());
        features.put("diskLimits", "none");
        return new EngineInfo(info.kind(), info.cpus(), info.memoryBytes(), info.versions(), features);
    }

    @GET
    @Path("me")
    public Me me() {
        Principal principal = access.principal();
        Set<TenantId> among = principal.admin() ? null : principal.roles().keySet();
        List<Membership> memberships =
                tenants
                        .list(new TenantQuery(among, null, null), new PageRequest(null, PageRequest.MAX_LIMIT))
                        .items()
                        .stream()
                        .map(tenant -> new Membership(
                                tenant.id().value(), principal.role(tenant.id()).orElseThrow()))
                        .toList();
        return new Me(principal.subject(), principal.getName(), principal.admin(), memberships);
    }
}
