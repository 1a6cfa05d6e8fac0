package io.berth.tenants.quota;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request would take on top of what is charged already; of {@link Level#EACH} resources, what one container would have.
 *
 * @param amounts positive
 */
public record Demand(Map<QuotaResource, Long> amounts) {

    public static final Demand NOTHING = new Demand(Map.of());

    public Demand {
        amounts = Map.copyOf(amounts);
    }

    public static Demand of(QuotaResource resource, long amount) {
        return NOTHING.and(resource, amount);
    }

    /** The same and this; an absent amount, or one that is not positive, asks for nothing. */
    public Demand and(QuotaResource resource, @Nullable Long amount) {
        if (amount == null || amount <= 0) {
            return this;
        }
        Map<QuotaResource, Long> more = new EnumMap<>(QuotaResource.class);
        more.putAll(amounts);
        more.put(resource, amount);
        return new Demand(more);
    }

    /** Whether it starts a process in a container. */
    boolean execs() {
        return amounts.containsKey(QuotaResource.EXEC_SESSIONS);
    }

    /** Whether it starts a container. */
    boolean starts() {
        return amounts.containsKey(QuotaResource.RUNNING_CONTAINERS);
    }
}
