package io.berth.contract;

import io.berth.tenants.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with a good token.
 *
 * @param role in the tenant in question, {@code null} for one who is no member
 * @param scopes what the token is narrowed to, none for all
 */
record Caller(
        String name, String token, boolean admin, @Nullable Role role, List<String> scopes) {}
