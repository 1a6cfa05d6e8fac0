package io.berth.tenants.quota.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.http.EntityTags;
import io.berth.api.json.MergePatch;
import io.berth.common.BerthException;
import io.berth.containers.ContainerService;
import io.berth.containers.ContainerSpec;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.Quota;
import io.berth.tenants.quota.QuotaChange;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import io.berth.tenants.quota.Refusal;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A tenant's quota: its members may look at it and try requests against it, administrators of the platform change it. */
@Path("/api/v1/tenants/{tenant}/quota")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class TenantQuotaResource {

    private final QuotaService quotas;
    private final ContainerService containers;
    private final QuotaJson json;
    private final Access access;

    TenantQuotaResource(QuotaService quotas, ContainerService containers, QuotaJson json, Access access) {
        this.quotas = quotas;
        this.containers = containers;
        this.json = json;
        this.access = access;
    }

    /**
     * What to try: a container or a list of amounts.
     *
     * @param start whether the container would be started as well; it would unless told otherwise
     */
    public record CheckRequest(
            @Nullable ContainerSpec container,
            @Nullable Boolean start,
            @Nullable JsonNode amounts) {}

    /** @param refusals all there would be; a real request is answered with the first */
    public record CheckResult(boolean allowed, List<RefusalView> refusals) {}

    /** A refusal as it stands in a problem document. */
    public record RefusalView(String code, String detail, Map<String, Object> quota) {
        static RefusalView of(Refusal refusal) {
            return new RefusalView(refusal.toException().code().wireName(), refusal.detail(), refusal.quota());
        }
    }

    @GET
    public Response get(@PathParam("tenant") String tenantName) {
        Quota quota = quotas.get(access.require(tenantName, Permission.QUOTA_READ));
        return Response.ok(json.write(quota))
                .tag(Long.toString(quota.version()))
                .build();
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    public Response put(
            @PathParam("tenant") String tenantName,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Nullable JsonNode body) {
        TenantId tenant = administered(tenantName);
        Quota wanted = json.read(body);
        return answer(quotas.change(tenant, present -> wanted, matching(ifMatch)));
    }

    @PATCH
    @Consumes({MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response patch(
            @PathParam("tenant") String tenantName,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Nullable JsonNode patch) {
        TenantId tenant = administered(tenantName);
        return answer(quotas.change(tenant, edit(patch), matching(ifMatch)));
    }

    /** What {@link #patch} would answer; nothing is changed. */
    @POST
    @Path("preview")
    @Consumes({MergePatch.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    public Response preview(
            @PathParam("tenant") String tenantName,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Nullable JsonNode patch) {
        TenantId tenant = administered(tenantName);
        return answer(quotas.preview(tenant, edit(patch), matching(ifMatch)));
    }

    private UnaryOperator<Quota> edit(@Nullable JsonNode patch) {
        if (patch == null || !patch.isObject()) {
            throw BerthException.invalidField("", "must be an object of what is to change");
        }
        return present -> json.read(MergePatch.apply(json.write(present), patch));
    }

    private static LongConsumer matching(@Nullable String ifMatch) {
        return version -> EntityTags.requireMatch(ifMatch, version);
    }

    @POST
    @Path("check")
    @Consumes(MediaType.APPLICATION_JSON)
    public CheckResult check(@PathParam("tenant") String tenantName, @Nullable CheckRequest request) {
        TenantId tenant = access.require(tenantName, Permission.QUOTA_READ);
        if (request == null || (request.container() == null) == (request.amounts() == null)) {
            throw BerthException.invalidField(
                    "", "give either 'container', a specification, or 'amounts', such as {\"cpus\": 2}");
        }
        List<Refusal> refusals = request.container() != null
                ? containers.check(tenant, request.container(), !Boolean.FALSE.equals(request.start()))
                : quotas.check(tenant, demand(json.readAmounts("/amounts", request.amounts())));
        return new CheckResult(
                refusals.isEmpty(), refusals.stream().map(RefusalView::of).toList());
    }

    private static Demand demand(Map<QuotaResource, Long> amounts) {
        Demand demand = Demand.NOTHING;
        for (Map.Entry<QuotaResource, Long> amount : amounts.entrySet()) {
            demand = demand.and(amount.getKey(), amount.getValue());
        }
        return demand;
    }

    /** A tenant that is not the caller's is not found, whoever may change quotas. */
    private TenantId administered(String tenantName) {
        TenantId tenant = access.require(tenantName, Permission.QUOTA_READ);
        access.requireAdmin();
        return tenant;
    }

    private Response answer(QuotaChange change) {
        ObjectNode body = json.write(change.quota());
        var over = body.putArray("over");
        change.over()
                .forEach(one -> over.addObject()
                        .put("resource", one.resource().wireName())
                        .putPOJO("limit", one.resource().unit().wire(one.limit()))
                        .putPOJO("used", one.resource().unit().wire(one.used()))
                        .put("unit", one.resource().unit().wireName())
                        .put("message", one.words()));
        return Response.ok(body).tag(Long.toString(change.quota().version())).build();
    }
}
