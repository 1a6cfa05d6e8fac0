package io.berth.containers;

import io.berth.tenants.TenantId;

/**
 * Finds containers for the features that work inside them, execs and streams. On the path of every exec: answers from
 * memory where it can.
 */
public interface ContainerLookup {

    /**
     * The tenant's container of that id or name. May block.
     *
     * @throws io.berth.common.BerthException {@code CONTAINER_NOT_FOUND}, also for another tenant's
     */
    ContainerHandle get(TenantId tenant, String idOrName);
}
