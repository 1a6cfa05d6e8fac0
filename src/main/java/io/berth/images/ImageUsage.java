package io.berth.images;

import io.berth.tenants.TenantId;

/** Who uses images says so by a bean of this type. */
public interface ImageUsage {

    /** Whether something of the tenant runs from the image, or will. May block for a query. */
    boolean isUsed(TenantId tenant, Digest image);
}
