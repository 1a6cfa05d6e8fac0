package io.berth.testing;

import io.berth.engine.FakeEngineBean;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The whole server on a real database, with an engine in memory and images without content. */
public class FakeEngineProfile implements QuarkusTestProfile {

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(FakeEngineBean.class, FakeImages.class);
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(PostgresResource.class));
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        try {
            return Map.of(
                    "berth.data-dir",
                            Files.createTempDirectory(Path.of("target"), "berth-data")
                                    .toAbsolutePath()
                                    .toString(),
                    "berth.containers.create-wait", "300ms",
                    // all tests come from one address, and many try what happens without a token
                    "berth.rate-limit.unauthenticated-requests-per-minute", "100000",
                    "berth.events.heartbeat", "1s",
                    "berth.events.stalled", "2s",
                    "berth.webhooks.allowed-private-addresses", "127.0.0.2/32",
                    "berth.webhooks.retry-after", "100ms",
                    "berth.webhooks.retry-for", "4s",
                    "berth.webhooks.timeout", "1s",
                    "quarkus.http.test-port", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
