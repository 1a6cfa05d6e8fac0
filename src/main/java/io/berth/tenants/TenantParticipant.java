package io.berth.tenants;

/**
 * What a feature does when a tenant is made, suspended, resumed or deleted; every bean of this type takes part. Each method blocks, works
 * outside any transaction of the caller, and is repeatable: after a failure or a crash it is called again.
 */
public interface TenantParticipant {

    /** Deletions go from the smallest number to the greatest, so that what stands on something goes before it. */
    int order();

    /** What it removes, as the deletion's progress shows it. */
    default String subject() {
        return "the rest";
    }

    /** The tenant is there. What this throws is logged; the tenant stays. */
    default void created(TenantId tenant) {}

    /** The tenant is suspended: from now on nothing of its can be started, and what runs is to be dealt with. */
    default void suspend(TenantId tenant, SuspendMode mode) {}

    /** The tenant is active again: what its suspension did is to be undone, and nothing else. */
    default void resume(TenantId tenant) {}

    /** The tenant does not exist any more for anybody: everything of its is to be removed. */
    default void delete(TenantId tenant) {}

    /** Usual places in the order of deletion. */
    final class Order {
        /** Credentials first: who holds one is out at once. */
        public static final int CREDENTIALS = 100;

        public static final int OPERATIONS = 200;
        public static final int CONTAINERS = 300;
        public static final int IMAGES = 400;
        /** What is no more than rows in the database. */
        public static final int RECORDS = 500;
        /** The group on the host, once nothing is in it. */
        public static final int GROUP = 900;

        private Order() {}
    }
}
