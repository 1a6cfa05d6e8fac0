package io.berth.usage.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.QuotaService;
import io.berth.tenants.quota.Unit;
import io.berth.usage.UsageConfig;
import io.berth.usage.UsageQuery;
import io.berth.usage.UsageService;
import io.berth.usage.rest.UsageViews.Metered;
import io.berth.usage.rest.UsageViews.TenantUsage;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a tenant uses, and has used. */
@Path("/api/v1/tenants/{tenant}/usage")
@Blocking
public class UsageResource {

    private static final String CSV = "text/csv";

    private final UsageService usage;
    private final QuotaService quotas;
    private final UsageConfig config;
    private final Clock clock;
    private final Access access;

    UsageResource(UsageService usage, QuotaService quotas, UsageConfig config, Clock clock, Access access) {
        this.usage = usage;
        this.quotas = quotas;
        this.config = config;
        this.clock = clock;
        this.access = access;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public TenantUsage get(@PathParam("tenant") String tenantName, @BeanParam UsageParameters parameters) {
        TenantId tenant = access.require(tenantName, Permission.USAGE_READ);
        UsageQuery query = parameters.toQuery(config, clock.instant());
        return new TenantUsage(tenant.value(), now(tenant), Metered.of(query, usage.metered(tenant, query)));
    }

    private Map<String, UsageNowView> now(TenantId tenant) {
        Map<String, UsageNowView> now = new LinkedHashMap<>();
        quotas.usageNow(tenant).forEach((resource, each) -> now.put(resource.wireName(), UsageNowView.of(each)));
        now.put("disk", new UsageNowView(null, usage.diskNow(tenant), null, Unit.BYTES.wireName(), null));
        return now;
    }

    @GET
    @Produces(CSV)
    public String getCsv(@PathParam("tenant") String tenantName, @BeanParam UsageParameters parameters) {
        TenantId tenant = access.require(tenantName, Permission.USAGE_READ);
        UsageQuery query = parameters.toQuery(config, clock.instant());
        return UsageViews.csv(query, usage.metered(tenant, query));
    }
}
