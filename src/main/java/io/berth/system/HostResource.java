package io.berth.system;

import io.berth.api.auth.Access;
import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.doctor.Doctor;
import io.berth.doctor.Finding;
import io.berth.engine.ContainerEngine;
import io.berth.engine.EngineInfo;
import io.berth.host.EngineConfig;
import io.berth.tenancy.TenantQuery;
import io.berth.tenancy.TenantService;
import io.berth.tenants.Tenant;
import io.berth.tenants.quota.Level;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import io.berth.tenants.quota.UsageNow;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The host as administrators of the platform see it: what it has, what of it is promised and used, and what is wrong with it. */
@Path("/api/v1/system/host")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class HostResource {

    private final ContainerEngine engine;
    private final TenantService tenants;
    private final QuotaService quotas;
    private final EngineConfig config;
    private final Access access;
    private final java.nio.file.Path dataDir;

    HostResource(
            ContainerEngine engine,
            TenantService tenants,
            QuotaService quotas,
            EngineConfig config,
            Access access,
            @ConfigProperty(name = "berth.data-dir") java.nio.file.Path dataDir) {
        this.engine = engine;
        this.tenants = tenants;
        this.quotas = quotas;
        this.config = config;
        this.access = access;
        this.dataDir = dataDir;
    }

    /** @param resources by name, those that tenants draw on or are counted by */
    public record Host(long tenants, Map<String, Share> resources) {}

    /**
     * One resource of the host. Amounts are in {@code unit}.
     *
     * @param capacity what the host has; absent where there is no such number
     * @param promised the sum of the tenants' limits
     * @param unlimited how many tenants have no limit
     * @param reserved what running containers declare; absent of what is only counted
     * @param used what is in use now
     */
    public record Share(
            @Nullable Number capacity,
            Number promised,
            long unlimited,
            @Nullable Number reserved,
            Number used,
            String unit) {}

    /** What the doctor says. */
    public record Examination(List<Diagnosis> findings) {}

    /** @param remedy absent if there is nothing to mend */
    public record Diagnosis(
            String level,
            String what,
            String detail,
            @Nullable String remedy) {
        static Diagnosis of(Finding finding) {
            return new Diagnosis(
                    finding.level().name().toLowerCase(Locale.ROOT),
                    finding.what(),
                    finding.detail(),
                    finding.remedy().isEmpty() ? null : finding.remedy());
        }
    }

    /** Blocks for a few queries for each tenant. */
    @GET
    public Host host() {
        access.requireAdmin();
        Map<QuotaResource, Sum> sums = new EnumMap<>(QuotaResource.class);
        long count = 0;
        String cursor = null;
        do {
            Page<Tenant> page =
                    tenants.list(new TenantQuery(null, null, null), PageRequest.of(cursor, PageRequest.MAX_LIMIT));
            for (Tenant tenant : page.items()) {
                count++;
                quotas.usageNow(tenant.id())
                        .forEach((resource, now) ->
                                sums.computeIfAbsent(resource, any -> new Sum()).add(now));
            }
            cursor = page.next();
        } while (cursor != null);
        EngineInfo info = engine.info();
        Map<String, Share> resources = new LinkedHashMap<>();
        sums.forEach((resource, sum) -> {
            if (resource.level() == Level.POOL || resource.level() == Level.COUNT) {
                resources.put(resource.wireName(), sum.share(resource, capacity(resource, info)));
            }
        });
        return new Host(count, resources);
    }

    /** What {@code ./berth doctor} finds, from within the server. */
    @GET
    @Path("findings")
    public Examination findings() {
        access.requireAdmin();
        return new Examination(Doctor.examine(dataDir, config.network().pool()).stream()
                .map(Diagnosis::of)
                .toList());
    }

    private static @Nullable Number capacity(QuotaResource resource, EngineInfo info) {
        return switch (resource) {
            case CPUS -> info.cpus();
            case MEMORY -> info.memoryBytes();
            default -> null;
        };
    }

    /** Adds up what tenants have of one resource. */
    private static final class Sum {
        private long promised;
        private long unlimited;
        private long reserved;
        private long used;

        void add(UsageNow now) {
            if (now.limit() == null) {
                unlimited++;
            } else {
                promised += now.limit();
            }
            reserved += now.reserved() == null ? 0 : now.reserved();
            used += now.used() == null ? 0 : now.used();
        }

        Share share(QuotaResource resource, @Nullable Number capacity) {
            return new Share(
                    capacity,
                    resource.unit().wire(promised),
                    unlimited,
                    resource.level() == Level.POOL ? resource.unit().wire(reserved) : null,
                    resource.unit().wire(used),
                    resource.unit().wireName());
        }
    }
}
