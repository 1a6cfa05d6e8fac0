package io.berth.files;

import io.berth.tenants.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** How much of a kind each tenant has under way. */
final class Slots {

    private final String what;
    private final int most;
    private final Map<TenantId, Integer> taken = new ConcurrentHashMap<>();

    /** @param what for messages, in the plural */
    Slots(String what, int most) {
        this.what = what;
        this.most = most;
    }

    /** A place; closing it, which is repeatable, gives it back. */
    interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws io.berth.common.BerthException {@code RATE_LIMITED} */
    Slot take(TenantId tenant) {
        taken.compute(tenant, (key, count) -> {
            int present = count == null ? 0 : count;
            if (present >= most) {
                throw FileErrors.tooMany(what, most);
            }
            return present + 1;
        });
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                taken.computeIfPresent(tenant, (key, count) -> count == 1 ? null : count - 1);
            }
        };
    }
}
