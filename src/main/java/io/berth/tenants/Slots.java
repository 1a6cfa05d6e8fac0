package io.berth.tenants;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** How much of a kind each tenant has under way, so that one cannot take what there is for all. */
public final class Slots {

    private final String what;
    private final int most;
    private final int mostOfAll;
    private final AtomicInteger all = new AtomicInteger();
    private final Map<TenantId, Integer> taken = new ConcurrentHashMap<>();

    /** @param what for messages, in the plural */
    public Slots(String what, int most, int mostOfAll) {
        this.what = what;
        this.most = most;
        this.mostOfAll = mostOfAll;
    }

    /** A place; closing it, which is repeatable, gives it back. */
    public interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws BerthException {@code RATE_LIMITED}, or {@code UNAVAILABLE} if all tenants together have too many */
    public Slot take(TenantId tenant) {
        if (all.incrementAndGet() > mostOfAll) {
            all.decrementAndGet();
            throw new BerthException(
                    ErrorCode.UNAVAILABLE,
                    mostOfAll + " " + what + " are under way on this server: try again in a moment");
        }
        try {
            return takeOne(tenant);
        } catch (RuntimeException e) {
            all.decrementAndGet();
            throw e;
        }
    }

    private Slot takeOne(TenantId tenant) {
        taken.compute(tenant, (key, count) -> {
            int present = count == null ? 0 : count;
            if (present >= most) {
                throw new BerthException(
                        ErrorCode.RATE_LIMITED,
                        "the tenant has " + most + " " + what + " under way: try again when one has ended");
            }
            return present + 1;
        });
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                all.decrementAndGet();
                taken.computeIfPresent(tenant, (key, count) -> count == 1 ? null : count - 1);
            }
        };
    }
}
