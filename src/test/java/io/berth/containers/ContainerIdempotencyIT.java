package io.berth.containers;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.deleteContainers;
import static io.berth.testing.Api.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.berth.engine.FakeEngine;
import io.berth.testing.FakeEngineProfile;
import io.berth.testing.Race;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Creates that are repeated with their {@code Idempotency-Key}. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class ContainerIdempotencyIT {

    @Inject
    FakeEngine engine;

    @AfterEach
    void deleteAll() {
        deleteContainers(engine);
    }

    @Test
    void repeatsAnAnswerForTheSameIdempotencyKey() {
        String body = "{'image':'busybox','command':['sleep','9']}";
        String first = json(body)
                .header("Idempotency-Key", "k-1")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        json(body)
                .header("Idempotency-Key", "k-1")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .header("Location", containsString(first))
                .body("id", equalTo(first));
        json("{'image':'busybox'}")
                .header("Idempotency-Key", "k-1")
                .post(CONTAINERS)
                .then()
                .statusCode(422)
                .body("code", equalTo("idempotency-mismatch"));
        assertThat(engine.list()).hasSize(1);
    }

    @Test
    void createsOnceForOneKeyUsedManyTimesAtOnce() throws Exception {
        List<Integer> statuses = Race.of(
                8,
                () -> json("{'image':'busybox','command':['sleep','9']}")
                        .header("Idempotency-Key", "k-race")
                        .post(CONTAINERS)
                        .statusCode());
        assertThat(statuses).allMatch(status -> status == 201 || status == 409).contains(201);
        assertThat(engine.list()).hasSize(1);
    }

    @Test
    void freesTheKeyOfARequestThatWasRefused() {
        json("{'image':'nothing'}")
                .header("Idempotency-Key", "k-2")
                .post(CONTAINERS)
                .then()
                .statusCode(404);
        json("{'image':'busybox'}")
                .header("Idempotency-Key", "k-2")
                .post(CONTAINERS)
                .then()
                .statusCode(201);
    }
}
