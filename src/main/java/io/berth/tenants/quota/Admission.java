package io.berth.tenants.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Decides whether a demand fits a quota. */
final class Admission {

    private Admission() {}

    /** A resource of which too much is asked. */
    record Excess(QuotaResource resource, long limit, long used, long requested) {}

    /**
     * What does not fit, in the order of the table of resources.
     *
     * @param charged by others; what is absent counts as nothing
     */
    static List<Excess> judge(Quota quota, Demand demand, Map<QuotaResource, Long> charged) {
        List<Excess> excesses = new ArrayList<>();
        for (QuotaResource resource : QuotaResource.values()) {
            Long limit = quota.limit(resource);
            Long requested = demand.amounts().get(resource);
            if (limit == null || requested == null) {
                continue;
            }
            boolean counted = quota.countsCharges(resource);
            long used = counted ? charged.getOrDefault(resource, 0L) : 0;
            if ((counted || resource.level() == Level.EACH) && requested > limit - used) {
                excesses.add(new Excess(resource, limit, used, requested));
            }
        }
        return excesses;
    }

    /** What a start, or an exec for want of processes, is refused for because a pool takes nobody in. */
    static List<Excess> overdrawn(Quota quota, Demand demand, Map<QuotaResource, Long> inUse) {
        List<Excess> excesses = new ArrayList<>();
        inUse.forEach((resource, used) -> {
            Long limit = quota.limit(resource);
            boolean processes = resource == QuotaResource.PIDS;
            if (limit != null && (demand.starts() || (demand.execs() && processes))) {
                long requested = processes ? 1 : demand.amounts().getOrDefault(resource, 0L);
                excesses.add(new Excess(resource, limit, used, requested));
            }
        });
        return excesses;
    }
}
