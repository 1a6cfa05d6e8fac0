package io.berth.containers;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.deleteContainers;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.berth.engine.ContainerId;
import io.berth.engine.FakeEngine;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens to a container when it ends, or its time does. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class ContainerEndIT {

    @Inject
    FakeEngine engine;

    @AfterEach
    void deleteAll() {
        deleteContainers(engine);
    }

    @Test
    void restartsByPolicyWhenItEndsByItself() {
        String id = sleeper("'restartPolicy':{'name':'always'}");
        engine.end(new ContainerId(id), 3);
        await().untilAsserted(() -> admin().get(CONTAINERS + "/" + id)
                .then()
                .body("state", equalTo("running"))
                .body("restartCount", equalTo(1)));
        admin().post(CONTAINERS + "/" + id + "/stop").then().body("state", equalTo("stopped"));
    }

    @Test
    void givesUpAfterTheRetriesOfOnFailure() {
        String id = json("{'image':'busybox','command':['exit','7'],"
                        + "'restartPolicy':{'name':'on-failure','maxRetries':2}}")
                .post(CONTAINERS)
                .then()
                .extract()
                .path("id");
        await().untilAsserted(() -> admin().get(CONTAINERS + "/" + id)
                .then()
                .body("state", equalTo("stopped"))
                .body("desiredState", equalTo("stopped"))
                .body("exitCode", equalTo(7))
                .body("restartCount", equalTo(2)));
    }

    @Test
    void deletesWhatRemovesItselfAndWhatHasExpired() {
        String brief = sleeper("'autoRemove':true");
        engine.end(new ContainerId(brief), 0);
        String expiring = sleeper("'ttl':1");
        for (String id : Set.of(brief, expiring)) {
            await().untilAsserted(
                            () -> admin().get(CONTAINERS + "/" + id).then().statusCode(404));
        }
    }
}
