package io.berth.contract;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.api.auth.RecordingAuthorizer;
import io.berth.contract.Endpoint.Outcome;
import io.berth.tenants.Role;
import io.berth.testing.Api;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every endpoint of the contract, tried as every kind of caller. */
@QuarkusTest
@TestProfile(PermissionsIT.Recording.class)
class PermissionsIT {

    private static final String TENANT = "matrix-one";
    private static final String NO_TENANT = "matrix-two";
    private static final Path PAGE = Path.of("docs/permissions.md");

    /** The server with an authoriser that tells what it was asked. */
    public static final class Recording extends FakeEngineProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            Set<Class<?>> enabled = new HashSet<>(super.getEnabledAlternatives());
            enabled.add(RecordingAuthorizer.class);
            return enabled;
        }
    }

    @Inject
    RecordingAuthorizer authorizer;

    private final Contract contract = Contract.read();
    private Probe probe = new Probe("", contract);
    private String operation = "";

    @BeforeEach
    void createTenant() {
        probe = new Probe(
                "127.0.0.1:" + ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class), contract);
        create(TENANT);
        operation = json("{'image':'slow/thing'}")
                .header("Prefer", "respond-async")
                .post("/api/v1/tenants/" + TENANT + "/containers")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    @AfterEach
    void deleteTenant() {
        delete(TENANT);
    }

    private static void create(String name) {
        json("{'name':'" + name + "'}").post("/api/v1/tenants").then().statusCode(201);
    }

    private static void delete(String name) {
        String deletion = admin().delete("/api/v1/tenants/" + name).header("Location");
        admin().get(deletion + "?wait=30").then().body("status", equalTo("succeeded"));
    }

    private String path(Endpoint endpoint, String tenant) {
        return endpoint.template()
                .replace("{tenant}", tenant)
                .replace("{operation}", operation)
                .replaceAll("\\{[^}]+}", "no-such");
    }

    /** An owner is asked for everything but refused the administration: nothing is there to be changed. */
    private List<Endpoint> endpoints() {
        String owner = TestTokens.of(TENANT, "OWNER");
        List<Endpoint> endpoints = new ArrayList<>();
        for (String name : contract.operations()) {
            JsonNode described = contract.operation(name);
            if (described.path("security").isArray()
                    && described.path("security").isEmpty()) {
                continue; // open to the world, as signing in is
            }
            boolean stream = described.path("responses").has("101");
            String summary = described.path("summary").asText();
            Endpoint bare = new Endpoint(name, summary, stream, false, List.of());
            List<String> scopes = asked(bare, owner);
            boolean needsBody = scopes.isEmpty() && contract.exampleBody(name) != null;
            Endpoint full = new Endpoint(name, summary, stream, needsBody, List.of());
            endpoints.add(new Endpoint(name, summary, stream, needsBody, needsBody ? asked(full, owner) : scopes));
        }
        endpoints.sort(Comparator.comparing(Endpoint::template).thenComparing(Endpoint::method));
        return endpoints;
    }

    private List<String> asked(Endpoint endpoint, String token) {
        authorizer.takeAsked();
        probe.call(endpoint, path(endpoint, TENANT), token);
        return authorizer.takeAsked();
    }

    private static List<Caller> callers() {
        return List.of(
                new Caller("viewer", TestTokens.of(TENANT, "VIEWER"), false, Role.VIEWER, List.of()),
                new Caller("member", TestTokens.of(TENANT, "MEMBER"), false, Role.MEMBER, List.of()),
                new Caller("owner", TestTokens.of(TENANT, "OWNER"), false, Role.OWNER, List.of()),
                new Caller("admin", Api.token(), true, Role.OWNER, List.of()),
                new Caller("other tenant's owner", TestTokens.of("default", "OWNER"), false, null, List.of()),
                new Caller(
                        "owner narrowed to tenant:read",
                        TestTokens.of(TENANT, "OWNER", "tenant:read"),
                        false,
                        Role.OWNER,
                        List.of("tenant:read")),
                new Caller(
                        "owner narrowed to containers:read",
                        TestTokens.of(TENANT, "OWNER", "containers:read"),
                        false,
                        Role.OWNER,
                        List.of("containers:read")));
    }

    @Test
    void letsEveryCallerUseJustWhatThePermissionsSay() {
        List<Endpoint> endpoints = endpoints();
        assertThat(endpoints.stream().filter(endpoint -> endpoint.scopes().isEmpty()))
                .extracting(Endpoint::operation)
                .as("open to everybody with a good token")
                .allMatch(PermissionsIT::isForEverybody);
        for (Endpoint endpoint : endpoints) {
            assertThat(probe.call(endpoint, path(endpoint, TENANT), null).isUnauthenticated())
                    .as("%s without a token", endpoint.operation())
                    .isTrue();
            for (Caller caller : callers()) {
                check(endpoint, caller);
            }
        }
    }

    private void check(Endpoint endpoint, Caller caller) {
        boolean fatal = caller.admin() && endpoint.operation().equals("DELETE /api/v1/tenants/{tenant}");
        if (fatal) {
            create("matrix-end");
        }
        Probe.Answer answer = probe.call(endpoint, path(endpoint, fatal ? "matrix-end" : TENANT), caller.token());
        assertThat(answer.outcome())
                .as("%s as %s: %s", endpoint.operation(), caller.name(), answer)
                .isEqualTo(endpoint.outcome(caller));
    }

    /** What is not about a tenant, and tells only of the caller and of the server. */
    private static boolean isForEverybody(String operation) {
        return Set.of("GET /api/v1/me", "GET /api/v1/system/info", "GET /api/v1/tenants")
                        .contains(operation)
                || operation.contains(" /api/v1/session");
    }

    @Test
    void givesNothingOfATenantAwayToOthers() {
        String other = TestTokens.of("default", "OWNER");
        String missing = operation.substring(0, operation.length() - 1) + (operation.endsWith("0") ? "1" : "0");
        for (Endpoint endpoint : endpoints()) {
            if (!endpoint.isOfATenant()) {
                continue;
            }
            String there = path(endpoint, TENANT);
            String absent = there.replace(TENANT, NO_TENANT).replace(operation, missing);
            Probe.Answer refused = probe.call(endpoint, there, other);
            Probe.Answer unknown = probe.call(endpoint, absent, other);
            assertThat(refused.outcome()).as(endpoint.operation()).isEqualTo(Outcome.NOT_FOUND);
            assertThat(refused.without(TENANT, operation))
                    .as(endpoint.operation())
                    .isEqualTo(unknown.without(NO_TENANT, missing));
        }
    }

    @Test
    void isDocumentedAsItIs() throws IOException {
        String page = PermissionsPage.of(endpoints());
        Path fresh = Path.of("target/permissions.md");
        Files.writeString(fresh, page);
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("%s differs from %s: look at the difference, and copy the latter", PAGE, fresh)
                .isEqualTo(page);
    }
}
