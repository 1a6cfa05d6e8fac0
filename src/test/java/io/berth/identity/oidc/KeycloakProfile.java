package io.berth.identity.oidc;

import io.berth.testing.FakeEngineProfile;
import io.berth.testing.KeycloakResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The server with Keycloak beside it. */
public final class KeycloakProfile implements QuarkusTestProfile {

    private final FakeEngineProfile base = new FakeEngineProfile();

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return base.getEnabledAlternatives();
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(base.getConfigOverrides());
        // sooner than anybody's access token lapses, so that it is this that tests wait for
        settings.put("berth.sessions.provider-check", "4s");
        return settings;
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return Stream.concat(base.testResources().stream(), Stream.of(new TestResourceEntry(KeycloakResource.class)))
                .toList();
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
