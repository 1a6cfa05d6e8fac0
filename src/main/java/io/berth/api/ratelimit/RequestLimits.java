package io.berth.api.ratelimit;

import io.berth.api.auth.Principal;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests: of each tenant against its quota, of each token or session, and of addresses those without good credentials.
 * All of it is in memory, bounded, and forgotten with the server. Never blocks.
 */
@ApplicationScoped
public class RequestLimits {

    private static final int KEPT_AT_MOST = 50_000;

    private final QuotaService quotas;
    private final RateLimitConfig config;
    private final Buckets<TenantId> tenants = new Buckets<>(KEPT_AT_MOST, System::nanoTime);
    private final Buckets<String> credentials = new Buckets<>(KEPT_AT_MOST, System::nanoTime);
    private final Buckets<String> strangers = new Buckets<>(KEPT_AT_MOST, System::nanoTime);
    /** Credentials that were good a while ago: the failures of others behind the same address do not shut them out. */
    private final Map<Long, Boolean> good = new ConcurrentHashMap<>();

    RequestLimits(QuotaService quotas, RateLimitConfig config) {
        this.quotas = quotas;
        this.config = config;
    }

    /** One limit, and how the caller stands with it. */
    record Standing(String policy, long perMinute, Buckets.State state) {}

    /**
     * Counts a request. Administrators of the platform are not counted against a tenant, and nobody against one whose member he
     * is not.
     *
     * @return how the caller stands now; the request is refused if one was not granted
     */
    List<Standing> take(Principal principal, @Nullable TenantId tenant) {
        List<Standing> standings = new ArrayList<>(2);
        long own = config.credentialRequestsPerMinute();
        standings.add(new Standing("credential", own, credentials.take(principal.credential(), own)));
        Long limit = tenant == null ? null : quotas.get(tenant).limit(QuotaResource.API_REQUESTS_PER_MINUTE);
        if (limit != null
                && tenant != null
                && !principal.admin()
                && principal.role(tenant).isPresent()) {
            standings.add(new Standing("tenant", limit, tenants.take(tenant, limit)));
        }
        return standings;
    }

    /**
     * Counts the opening of a stream as a request.
     *
     * @throws BerthException {@code RATE_LIMITED}
     */
    public void require(Principal principal, TenantId tenant) {
        for (Standing standing : take(principal, tenant)) {
            if (!standing.state().granted()) {
                throw new BerthException(ErrorCode.RATE_LIMITED, detail(standing));
            }
        }
    }

    static String detail(Standing refused) {
        return "the limit of " + refused.perMinute() + " requests a minute "
                + (refused.policy().equals("tenant") ? "of this tenant" : "with this token")
                + " is spent: try again in "
                + seconds(refused.state().nanosToNext()) + " s";
    }

    /** Whether an address may try again to prove who it is. */
    boolean mayTry(String address, long fingerprint) {
        return strangers
                        .look(address, config.unauthenticatedRequestsPerMinute())
                        .granted()
                || good.containsKey(fingerprint);
    }

    /** Counts a request from the address that showed no credentials, or bad ones. */
    Buckets.State failed(String address) {
        return strangers.take(address, config.unauthenticatedRequestsPerMinute());
    }

    void succeeded(long fingerprint) {
        if (fingerprint != Credential.NONE && !good.containsKey(fingerprint)) {
            if (good.size() >= KEPT_AT_MOST) {
                good.clear();
            }
            good.put(fingerprint, true);
        }
    }

    /** What the tenant has used up of its quota in the last minute. */
    long used(TenantId tenant) {
        Long limit = quotas.get(tenant).limit(QuotaResource.API_REQUESTS_PER_MINUTE);
        return limit == null ? 0 : limit - tenants.look(tenant, limit).remaining();
    }

    /** Rounded up, so that who waits so long is let in. */
    static long seconds(long nanos) {
        return (nanos + 999_999_999) / 1_000_000_000;
    }
}
