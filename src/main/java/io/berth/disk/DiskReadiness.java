package io.berth.disk;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while the disk is as good as full. */
@Readiness
@ApplicationScoped
public class DiskReadiness implements HealthCheck {

    private final DiskSpace space;

    DiskReadiness(DiskSpace space) {
        this.space = space;
    }

    @Override
    public HealthCheckResponse call() {
        boolean critical = space.isCritical();
        var answer = HealthCheckResponse.named("disk").status(!critical).withData("free", space.free());
        return critical
                ? answer.withData("reason", "the disk of the data directory is full, or nearly")
                        .build()
                : answer.build();
    }
}
