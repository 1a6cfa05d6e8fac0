package io.berth.contract;

import io.berth.api.auth.Permission;
import io.berth.api.auth.RecordingAuthorizer;
import io.berth.contract.Endpoint.Outcome;
import io.berth.tenants.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code docs/permissions.md}, as it should be. */
final class PermissionsPage {

    private static final String HEAD = """
            # Permissions

            Who may use which endpoint. This page is made from the table in `Permission.java` and from what each endpoint is seen to ask for; a test
            tries every endpoint as every one of these callers, and fails when this page is not as it should be.

            A caller who is no member of a tenant is answered `404`, as if there were no such tenant; a member who may not, `403`; nobody in
            particular, `401`. An administrator of the platform owns every tenant. A token that is narrowed to scopes needs those named here as well.
            What a request's body asks for may take more: its endpoint's description in `openapi.yaml` says so.

            ## Endpoints

            | Endpoint | What it does | Scopes | viewer | member | owner | admin |
            |---|---|---|---|---|---|---|
            """;

    private PermissionsPage() {}

    static String of(List<Endpoint> endpoints) {
        StringBuilder page = new StringBuilder(HEAD);
        for (Endpoint endpoint : endpoints) {
            page.append("| `").append(endpoint.operation()).append("` | ");
            page.append(endpoint.summary().replace("|", "\\|")).append(" | ");
            List<String> scopes = new ArrayList<>();
            endpoint.scopes().forEach(scope -> scopes.add("`" + scope + "`"));
            page.append(scopes.isEmpty() ? "any" : String.join(", ", scopes));
            for (Role role : Role.values()) {
                page.append(cell(endpoint, new Caller("", "", false, role, List.of())));
            }
            page.append(cell(endpoint, new Caller("", "", true, Role.OWNER, List.of())));
            page.append(" |\n");
        }
        page.append("\n## Scopes\n\n| Scope | Least role | Left to a suspended tenant |\n|---|---|---|\n");
        Map<String, Permission> byScope = new TreeMap<>();
        for (Permission permission : Permission.values()) {
            byScope.put(permission.scope(), permission);
        }
        byScope.forEach((scope, permission) -> page.append("| `")
                .append(scope)
                .append("` | ")
                .append(permission.leastRole().wireName())
                .append(" | ")
                .append(permission.isLeftToSuspended() ? "yes" : "no")
                .append(" |\n"));
        page.append("| `").append(RecordingAuthorizer.PLATFORM).append("` | administrator of the platform | |\n");
        return page.toString();
    }

    private static String cell(Endpoint endpoint, Caller caller) {
        return endpoint.outcome(caller) == Outcome.ALLOWED ? " | yes" : " | ";
    }
}
