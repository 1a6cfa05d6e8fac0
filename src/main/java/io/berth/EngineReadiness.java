package io.berth;

import io.berth.engine.ContainerEngine;
import io.berth.engine.EngineInfo;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready only with an engine that answers; the database has a check of its own. */
@Readiness
@ApplicationScoped
public class EngineReadiness implements HealthCheck {

    private final Instance<ContainerEngine> engine;

    EngineReadiness(Instance<ContainerEngine> engine) {
        this.engine = engine;
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // whatever it is, the answer is "down"
    public HealthCheckResponse call() {
        try {
            EngineInfo info = engine.get().info();
            return HealthCheckResponse.named("engine")
                    .up()
                    .withData("kind", info.kind())
                    .build();
        } catch (RuntimeException e) {
            return HealthCheckResponse.named("engine")
                    .down()
                    .withData("reason", String.valueOf(e.getMessage()))
                    .build();
        }
    }
}
