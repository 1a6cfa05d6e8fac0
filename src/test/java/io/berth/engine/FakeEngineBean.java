package io.berth.engine;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Puts one {@link FakeEngine} in the place of the real engine, in tests whose profile enables it
 * ({@link io.quarkus.test.junit.QuarkusTestProfile#getEnabledAlternatives()}).
 */
@Alternative
@ApplicationScoped
public class FakeEngineBean {

    @Produces
    @Singleton
    @Alternative
    FakeEngine engine() {
        return new FakeEngine();
    }

    void close(@Disposes FakeEngine engine) {
        engine.close();
    }
}
