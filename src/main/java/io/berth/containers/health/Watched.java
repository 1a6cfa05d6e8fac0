package io.berth.containers.health;

import io.berth.containers.Container;
import io.berth.containers.Healthcheck;
import io.berth.engine.ContainerId;
import io.berth.tenants.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** A run of a container that is checked, and what is known of its health. Thread-safe. */
final class Watched {

    private final ContainerId id;
    private final TenantId tenant;
    private final String name;
    private final String image;
    private final Healthcheck check;
    private final Instant begun;
    private Health health = Health.STARTING;
    /** Grows when what is under way does not count any more. */
    private long epoch;

    private boolean paused = true;

    /** @param container alive, with a health check that is complete; it counts as paused at first */
    Watched(Container container, Healthcheck check, Instant begun) {
        this.id = container.id();
        this.tenant = container.tenant();
        this.name = container.name();
        this.image = container.spec().image();
        this.check = check;
        this.begun = begun;
    }

    ContainerId id() {
        return id;
    }

    TenantId tenant() {
        return tenant;
    }

    String name() {
        return name;
    }

    String image() {
        return image;
    }

    Healthcheck check() {
        return check;
    }

    synchronized Health health() {
        return health;
    }

    synchronized long epoch() {
        return epoch;
    }

    /** What is under way counts no more. */
    synchronized void pause() {
        paused = true;
        epoch++;
    }

    /** @return whether it was paused */
    synchronized boolean resume() {
        boolean was = paused;
        paused = false;
        return was;
    }

    /**
     * Takes a check's result, if it still counts.
     *
     * @param begunIn {@link #epoch} when the check began
     * @return the health, if its status has changed
     */
    synchronized Optional<Health> record(HealthResult result, long begunIn) {
        if (paused || begunIn != epoch) {
            return Optional.empty();
        }
        HealthStatus before = health.status();
        health = health.after(result, begun, startPeriod(), Objects.requireNonNull(check.retries()));
        return health.status() == before ? Optional.empty() : Optional.of(health);
    }

    /** When the next check is due, one having ended now. */
    synchronized Instant nextAfter(Instant now) {
        return now.plus(health.pause(begun, startPeriod(), interval(), now));
    }

    Duration interval() {
        return Objects.requireNonNull(check.interval());
    }

    private Duration startPeriod() {
        return Objects.requireNonNull(check.startPeriod());
    }
}
