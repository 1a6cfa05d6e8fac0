package io.berth.usage.rest;

import io.berth.api.auth.Access;
import io.berth.usage.UsageConfig;
import io.berth.usage.UsageQuery;
import io.berth.usage.UsageService;
import io.berth.usage.rest.UsageViews.Metered;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;

/** What each tenant has used, for administrators of the platform. */
@Path("/api/v1/usage")
@Blocking
public class PlatformUsageResource {

    private static final String CSV = "text/csv";

    private final UsageService usage;
    private final UsageConfig config;
    private final Clock clock;
    private final Access access;

    PlatformUsageResource(UsageService usage, UsageConfig config, Clock clock, Access access) {
        this.usage = usage;
        this.config = config;
        this.clock = clock;
        this.access = access;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Metered getAll(@BeanParam UsageParameters parameters) {
        access.requireAdmin();
        UsageQuery query = parameters.toQueryOverTenants(config, clock.instant());
        return Metered.of(query, usage.metered(null, query));
    }

    @GET
    @Produces(CSV)
    public String getAllCsv(@BeanParam UsageParameters parameters) {
        access.requireAdmin();
        UsageQuery query = parameters.toQueryOverTenants(config, clock.instant());
        return UsageViews.csv(query, usage.metered(null, query));
    }
}
