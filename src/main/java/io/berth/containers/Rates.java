package io.berth.containers;

import io.berth.engine.ContainerStats;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.QuotaResource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Turns counters that only grow into what goes on now: the growth since somebody last looked. */
final class Rates {

    private static final Duration SHORTEST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final int KEPT_AT_MOST = 10_000;

    private final Map<TenantId, Looks> looks = new ConcurrentHashMap<>();

    /** The last look, and the one before that, which serves while the last is too fresh. */
    private record Looks(ContainerStats before, ContainerStats last) {}

    /** Cores and bytes a second; empty at the first look. */
    Map<QuotaResource, Long> since(TenantId tenant, ContainerStats now) {
        if (looks.size() >= KEPT_AT_MOST) {
            looks.clear();
        }
        Looks known = looks.merge(tenant, new Looks(now, now), (old, fresh) -> {
            boolean stale = between(old.last(), now).compareTo(LONGEST) > 0;
            if (stale) {
                return fresh;
            }
            return between(old.last(), now).compareTo(SHORTEST) < 0 ? old : new Looks(old.last(), now);
        });
        Duration time = between(known.before(), now);
        if (time.compareTo(SHORTEST) < 0) {
            return Map.of();
        }
        double seconds = time.toNanos() / 1e9;
        return Map.of(
                QuotaResource.CPUS, perSecond((now.cpuNanos() - known.before().cpuNanos()) / 1e6, seconds),
                QuotaResource.IO_READ,
                        perSecond(now.ioReadBytes() - known.before().ioReadBytes(), seconds),
                QuotaResource.IO_WRITE,
                        perSecond(now.ioWriteBytes() - known.before().ioWriteBytes(), seconds));
    }

    private static long perSecond(double growth, double seconds) {
        return Math.max(0, Math.round(growth / seconds));
    }

    private static Duration between(ContainerStats from, ContainerStats to) {
        return Duration.between(from.at(), to.at());
    }
}
