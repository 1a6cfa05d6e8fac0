package io.berth.identity;

import io.berth.tenants.Role;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a token should be.
 *
 * @param role {@code null} for the maker's own, at most member
 * @param scopes {@code null} for those the maker has
 * @param expiresAt {@code null} for never
 */
public record NewToken(
        String name,
        @Nullable Role role,
        @Nullable List<String> scopes,
        @Nullable Instant expiresAt) {}
