package io.berth.tenants.quota;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.tenants.TenantId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request does not fit a quota.
 *
 * @param used by others; 0 of {@link Level#EACH} resources
 * @param holders who could give some back
 */
public record Refusal(TenantId tenant, QuotaResource resource, long limit, long used, long requested, Holders holders) {

    /** In words: level, resource, limit, used, requested, and what would free it. */
    public String detail() {
        String free = resource.freedBy(holders);
        if (resource.level() == Level.EACH) {
            return "a container of tenant '" + tenant + "' may have at most " + resource.words(limit) + " ("
                    + resource.wireName() + "), and " + resource.words(requested) + " is asked for: " + free;
        }
        return "tenant '" + tenant + "' may use " + resource.words(limit) + " (" + resource.wireName() + "), "
                + resource.words(used) + " is in use and " + resource.words(requested) + " more is asked for: " + free;
    }

    /** The member {@code quota} of a problem document. */
    public Map<String, Object> quota() {
        Map<String, Object> quota = new LinkedHashMap<>();
        quota.put("scope", resource.level().scope());
        quota.put("resource", resource.wireName());
        quota.put("limit", resource.unit().wire(limit));
        quota.put("used", resource.unit().wire(used));
        quota.put("requested", resource.unit().wire(requested));
        quota.put("unit", resource.unit().wireName());
        return quota;
    }

    public BerthException toException() {
        return toException(null);
    }

    BerthException toException(@Nullable Throwable cause) {
        return new BerthException(ErrorCode.QUOTA_EXCEEDED, detail(), List.of(), Map.of("quota", quota()), cause);
    }
}
