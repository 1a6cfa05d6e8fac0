package io.berth.containers.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.containers.ContainerHandle;
import io.berth.containers.Healthcheck;
import io.berth.containers.StartedContainers;
import io.berth.engine.EngineException;
import io.berth.engine.FakeEngine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckupTest {

    private final FakeEngine engine = new FakeEngine();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ContainerHandle box = new StartedContainers(engine).run("box", "sleep");

    @AfterEach
    void stop() {
        timer.shutdownNow();
        engine.close();
    }

    @Test
    void tellsHowItEndedAndWhatItWrote() {
        HealthResult good = result(begin(Duration.ofSeconds(30), "echo", "well"));
        assertThat(good.succeeded()).isTrue();
        assertThat(good.output()).isEqualTo("well\n");
        assertThat(good.truncated()).isFalse();
        HealthResult bad = result(begin(Duration.ofSeconds(30), "exit", "3"));
        assertThat(bad.succeeded()).isFalse();
        assertThat(bad.exitCode()).isEqualTo(3);
        assertThat(result(begin(Duration.ofSeconds(30), "err", "oh")).output()).isEqualTo("oh\n");
    }

    @Test
    void keepsTheFirstBytesOfAFlood() {
        HealthResult flood = result(begin(Duration.ofSeconds(30), "flood", "5000000"));
        assertThat(flood.succeeded()).isTrue();
        assertThat(flood.truncated()).isTrue();
        assertThat(flood.output().length()).isLessThanOrEqualTo(CheckOutput.KEPT);
    }

    @Test
    void isKilledWhenItsTimeIsOver() {
        Checkup hanging = begin(Duration.ofMillis(20), "sleep");
        HealthResult result = result(hanging);
        assertThat(result.timedOut()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(result.exitCode()).isEqualTo(137);
        await().until(() -> engine.processes(box.id()).size() == 1);
    }

    @Test
    void saysWhyItDidNotRun() {
        EngineException refused = Assertions.catchThrowableOfType(
                EngineException.class, () -> begin(Duration.ofSeconds(1), "no-such-thing"));
        HealthResult result = Checkup.failure(
                box, check(Duration.ofSeconds(1), "no-such-thing"), Instant.EPOCH, Clock.systemUTC(), refused);
        assertThat(result.exitCode()).isNull();
        assertThat(result.output()).contains("no-such-thing").contains("not in the container");
        HealthResult internal = Checkup.failure(
                box,
                check(Duration.ofSeconds(1), "x"),
                Instant.EPOCH,
                Clock.systemUTC(),
                new EngineException(EngineException.Reason.INTERNAL, "/run/secret/path"));
        assertThat(internal.output()).isEqualTo("it could not be started");
    }

    @Test
    void isNoSessionOfTheTenants() {
        Checkup hanging = begin(Duration.ofSeconds(30), "sleep");
        assertThat(engine.sessions(box.id())).isEmpty();
        hanging.kill();
        assertThat(result(hanging).succeeded()).isFalse();
    }

    private Checkup begin(Duration timeout, String... command) {
        return Checkup.begin(engine, box, check(timeout, command), Clock.systemUTC(), timer);
    }

    private static Healthcheck check(Duration timeout, String... command) {
        return new Healthcheck(List.of(command), Duration.ofSeconds(5), timeout, 3, Duration.ZERO, null);
    }

    private static HealthResult result(Checkup checkup) {
        return checkup.result()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
