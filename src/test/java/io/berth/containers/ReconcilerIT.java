package io.berth.containers;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.deleteContainers;
import static io.berth.testing.Api.sleeper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.berth.common.KeyedLocks;
import io.berth.containers.store.ContainerRepository;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ContainerConfigBuilder;
import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a crash of the server, or of the host, leaves; and what becomes of it. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class ReconcilerIT {

    @Inject
    FakeEngine engine;

    @Inject
    Reconciler reconciler;

    @Inject
    ContainerRepository repository;

    @Inject
    ContainerLocks locks;

    @AfterEach
    void deleteAll() {
        deleteContainers();
    }

    @Test
    void deletesFromTheHostWhatTheDatabaseDoesNotKnow() {
        ContainerId stray = new ContainerId("ctr_stray");
        engine.ensureGroup(new GroupSpec(new GroupId("default"), ResourceLimits.UNLIMITED));
        engine.create(ContainerConfigBuilder.of(stray, new GroupId("default"), List.of("sleep", "9"))
                .build());
        reconciler.repairAll();
        await().untilAsserted(() -> assertThat(engine.list()).doesNotContain(stray));
    }

    @Test
    void removesWhatWasNeverAcknowledged() {
        ContainerId id = new ContainerId(sleeper());
        Container container = repository.findContainer(id).orElseThrow();
        repository.save(container.in(ContainerState.CREATING), Durability.DURABLE);
        reconciler.repair(id);
        assertThat(repository.findContainer(id)).isEmpty();
        assertThat(engine.list()).doesNotContain(id);
    }

    @Test
    void finishesADeleteThatWasCutOff() {
        ContainerId id = new ContainerId(sleeper());
        Container container = repository.findContainer(id).orElseThrow();
        repository.save(container.in(ContainerState.DELETING), Durability.DURABLE);
        reconciler.repair(id);
        admin().get(CONTAINERS + "/" + id).then().statusCode(404);
        assertThat(engine.list()).doesNotContain(id);
    }

    @Test
    void callsWhatVanishedFromTheHostStopped() {
        ContainerId id = new ContainerId(sleeper());
        engine.delete(id);
        reconciler.repair(id);
        admin().get(CONTAINERS + "/" + id)
                .then()
                .body("state", equalTo("stopped"))
                .body("exitCode", equalTo(255))
                .body("desiredState", equalTo("stopped"));
    }

    @Test
    void seesAnEndThatNobodyReported() {
        ContainerId id = new ContainerId(sleeper());
        engine.disconnectAll();
        engine.end(id, 9);
        reconciler.repair(id);
        admin().get(CONTAINERS + "/" + id)
                .then()
                .body("state", equalTo("stopped"))
                .body("exitCode", equalTo(9));
        reconciler.onStart(new StartupEvent()); // listens again
    }

    @Test
    void whatIsBeingWorkedOnKeepsNobodyWaiting() throws InterruptedException {
        List<ContainerId> busy =
                IntStream.range(0, 9).mapToObj(i -> new ContainerId(sleeper())).toList();
        ContainerId other = new ContainerId(sleeper());
        List<KeyedLocks.Held> held =
                busy.stream().map(locks::tryLock).map(Optional::orElseThrow).toList();
        try {
            busy.forEach(id -> engine.end(id, 1));
            Thread.sleep(50); // they are waited for by then
            engine.end(other, 2);
            await().untilAsserted(() -> assertThat(state(other)).isEqualTo(ContainerState.STOPPED));
            assertThat(busy).allSatisfy(id -> assertThat(state(id)).isEqualTo(ContainerState.RUNNING));
        } finally {
            held.forEach(KeyedLocks.Held::close);
        }
        await().untilAsserted(() ->
                assertThat(busy).allSatisfy(id -> assertThat(state(id)).isEqualTo(ContainerState.STOPPED)));
    }

    private ContainerState state(ContainerId id) {
        return repository.findContainer(id).orElseThrow().state();
    }

    @Test
    void doesNotRestartWhatWasStoppedMeanwhile() {
        String id = sleeper("'restartPolicy':{'name':'always'}");
        engine.end(new ContainerId(id), 1);
        admin().post(CONTAINERS + "/" + id + "/stop?timeout=0");
        reconciler.repair(new ContainerId(id));
        admin().get(CONTAINERS + "/" + id).then().body("desiredState", equalTo("stopped"));
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> admin().get(CONTAINERS + "/" + id).then().body("state", equalTo("stopped")));
    }
}
