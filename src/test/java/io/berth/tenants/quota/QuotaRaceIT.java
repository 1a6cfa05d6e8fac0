package io.berth.tenants.quota;

import static io.berth.tenants.quota.LimitedTenant.SLEEP;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What several requests at once make of the last unit of a quota. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class QuotaRaceIT {

    private static final int PAIRS = 200;

    private LimitedTenant tenant;

    @BeforeEach
    void makeTenant() {
        tenant = LimitedTenant.make();
    }

    @AfterEach
    void deleteContainers() {
        tenant.deleteContainers();
    }

    @Test
    void neverGivesTheLastUnitToTwoRequestsAtOnce() throws Exception {
        tenant.limit("{'runningContainers':3}");
        tenant.create("'name':'a'").statusCode(201);
        tenant.create("'name':'b'").statusCode(201);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest create = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + RestAssured.port + tenant.made().path("/containers")))
                .header("Authorization", "Bearer " + tenant.made().token())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{" + SLEEP.replace('\'', '"') + "}"))
                .build();
        for (int i = 0; i < PAIRS; i++) {
            List<CompletableFuture<HttpResponse<String>>> pair = List.of(
                    http.sendAsync(create, BodyHandlers.ofString()), http.sendAsync(create, BodyHandlers.ofString()));
            // both before either is deleted, which would make room for the other
            List<HttpResponse<String>> answers =
                    List.of(pair.get(0).get(), pair.get(1).get());
            List<Integer> statuses = new ArrayList<>();
            for (HttpResponse<String> answer : answers) {
                statuses.add(answer.statusCode());
                if (answer.statusCode() == 201) {
                    tenant.delete(JsonPath.from(answer.body()).getString("id"));
                } else {
                    assertThat(answer.body()).contains("quota-exceeded");
                }
            }
            assertThat(statuses).as("pair " + i).containsExactlyInAnyOrder(201, 403);
        }
        assertThat(tenant.usage("runningContainers").<Integer>get("used")).isEqualTo(2);
    }

    @Test
    void neverStartsTwoForTheLastPlace() throws Exception {
        tenant.limit("{'runningContainers':1}");
        List<String> stopped = List.of(tenant.createStopped("one"), tenant.createStopped("two"));
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 50; i++) {
                CyclicBarrier together = new CyclicBarrier(2);
                List<Future<Integer>> starts = new ArrayList<>();
                for (String id : stopped) {
                    starts.add(clients.submit(() -> {
                        together.await();
                        return tenant.act(id, "start").extract().statusCode();
                    }));
                }
                List<Integer> statuses =
                        List.of(starts.get(0).get(), starts.get(1).get());
                assertThat(statuses).containsExactlyInAnyOrder(200, 403);
                tenant.act(stopped.get(statuses.indexOf(200)), "stop?timeout=0").statusCode(200);
            }
        } finally {
            clients.shutdownNow();
        }
    }
}
