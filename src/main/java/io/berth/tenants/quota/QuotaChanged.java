package io.berth.tenants.quota;

import io.berth.tenants.TenantId;

/** Fired in the transaction that stores a tenant's quota, for what is to be written down with it. */
public record QuotaChanged(TenantId tenant, Quota quota) {}
