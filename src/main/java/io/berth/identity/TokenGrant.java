package io.berth.identity;

import io.berth.api.auth.Permission;
import io.berth.api.auth.Principal;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one may give to a token: no more than one has. {@code tenant} is {@code null} for a token of the platform. */
record TokenGrant(Principal maker, @Nullable TenantId tenant) {

    /** @throws BerthException {@code FORBIDDEN} if the maker's own role is less */
    Role role(@Nullable Role wanted) {
        if (tenant == null) {
            return Role.OWNER;
        }
        Role own = maker.role(tenant).orElseThrow();
        if (wanted == null) {
            return own.isAtLeast(Role.MEMBER) ? Role.MEMBER : own;
        }
        if (!own.isAtLeast(wanted)) {
            throw new BerthException(
                    ErrorCode.FORBIDDEN,
                    "a token cannot have the role '" + wanted.wireName() + "': yours in tenant '" + tenant + "' is '"
                            + own.wireName() + "'");
        }
        return wanted;
    }

    /**
     * @param wanted {@code null} for all of the maker's
     * @return empty if the token is not narrowed
     * @throws BerthException naming the scope that there is not, the maker lacks, or the role does not have
     */
    List<String> scopes(@Nullable List<String> wanted, Role role) {
        if (wanted == null) {
            return inherited(role);
        }
        if (wanted.isEmpty()) {
            throw BerthException.invalidField(
                    "/scopes", "name at least one, or leave it out for all that the role may do");
        }
        Set<String> scopes = new LinkedHashSet<>(wanted);
        scopes.forEach(scope -> check(scope, role));
        return List.copyOf(scopes);
    }

    private List<String> inherited(Role role) {
        if (maker.scopes().isEmpty()) {
            return List.of();
        }
        List<String> scopes = known().filter(maker::hasScope)
                .filter(scope -> mayHave(role, scope))
                .toList();
        if (scopes.isEmpty()) {
            throw new BerthException(ErrorCode.FORBIDDEN, "you have no scope that such a token could have");
        }
        return scopes;
    }

    private void check(String scope, Role role) {
        if (known().noneMatch(scope::equals)) {
            throw BerthException.invalidField(
                    "/scopes",
                    "there is no scope '" + (scope.length() > 64 ? scope.substring(0, 64) + "…" : scope)
                            + "' here; there are " + String.join(", ", known().toList()));
        }
        if (!maker.hasScope(scope)
                || tenant != null && !mayHave(maker.role(tenant).orElseThrow(), scope)) {
            throw new BerthException(
                    ErrorCode.FORBIDDEN,
                    "a token cannot have the scope '" + scope + "', which you do not have yourself");
        }
        if (!mayHave(role, scope)) {
            throw BerthException.invalidField(
                    "/scopes", "the scope '" + scope + "' is beyond the role '" + role.wireName() + "'");
        }
    }

    private Stream<String> known() {
        Stream<String> scopes = Permission.scopes().stream();
        return tenant == null ? Stream.concat(Stream.of(Principal.PLATFORM_SCOPE), scopes) : scopes;
    }

    private static boolean mayHave(Role role, String scope) {
        return scope.equals(Principal.PLATFORM_SCOPE)
                || Arrays.stream(Permission.values())
                        .anyMatch(permission ->
                                permission.scope().equals(scope) && role.isAtLeast(permission.leastRole()));
    }
}
