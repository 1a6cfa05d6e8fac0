package io.berth.contract;

import io.berth.api.auth.Permission;
import io.berth.api.auth.RecordingAuthorizer;
import io.berth.tenants.Role;
import java.util.Arrays;
import java.util.List;

/**
 * An operation of the contract, and what it was seen to ask for.
 *
 * @param operation as {@code GET /path}
 * @param needsBody whether it refuses a request without one before it asks for anything
 * @param scopes of the permissions it takes, in the order it asks; {@code platform:admin} for the administration of the platform
 */
record Endpoint(String operation, String summary, boolean isStream, boolean needsBody, List<String> scopes) {

    String method() {
        return operation.substring(0, operation.indexOf(' '));
    }

    String template() {
        return operation.substring(operation.indexOf(' ') + 1);
    }

    /** Whether it is about something of a tenant, which others must not know of. */
    boolean isOfATenant() {
        return !scopes.isEmpty() && !scopes.get(0).equals(RecordingAuthorizer.PLATFORM);
    }

    /** What becomes of a caller's request. */
    Outcome outcome(Caller caller) {
        if (caller.role() == null && !caller.admin()) {
            return isOfATenant() ? Outcome.NOT_FOUND : scopes.isEmpty() ? Outcome.ALLOWED : Outcome.FORBIDDEN;
        }
        return scopes.stream().allMatch(scope -> passes(caller, scope)) ? Outcome.ALLOWED : Outcome.FORBIDDEN;
    }

    private static boolean passes(Caller caller, String scope) {
        boolean inScope = caller.scopes().isEmpty() || caller.scopes().contains(scope);
        if (scope.equals(RecordingAuthorizer.PLATFORM)) {
            return caller.admin() && inScope;
        }
        Role role = caller.role();
        return inScope
                && (caller.admin()
                        || role != null && role.isAtLeast(permission(scope).leastRole()));
    }

    static Permission permission(String scope) {
        return Arrays.stream(Permission.values())
                .filter(permission -> permission.scope().equals(scope))
                .findFirst()
                .orElseThrow();
    }

    /** How a request ends, as far as permissions decide it. */
    enum Outcome {
        ALLOWED,
        FORBIDDEN,
        NOT_FOUND
    }
}
