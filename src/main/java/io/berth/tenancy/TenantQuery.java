package io.berth.tenancy;

import io.berth.tenants.TenantId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants are wanted.
 *
 * @param among only these, {@code null} is all
 * @param text part of the name or display name, {@code null} is any
 * @param suspended {@code null} is both
 */
public record TenantQuery(
        @Nullable Set<TenantId> among,
        @Nullable String text,
        @Nullable Boolean suspended) {}
