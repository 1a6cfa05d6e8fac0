package io.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the kernel holds of a tenant's quota, whatever its containers were promised. */
@EndToEnd
class PoolE2EIT {

    private static final String QUOTA = "/api/v1/tenants/default/quota";
    private static final String BUSY = "while :; do :; done";
    /** Its own last fork fails and ends the bomb, and the container goes on. */
    private static final String FORK_BOMB = "(while :; do sleep 1000 & done); exec sleep 1000";
    /** Waits to be told by SIGUSR1: a bomb that goes off at once leaves no room to start the second. */
    private static final String ARMED_BOMB = "trap go=1 USR1; until [ $go ]; do sleep 0.1; done; " + FORK_BOMB;
    /** Fills so many MiB of memory and holds them. */
    private static final String FILL =
            "dd if=/dev/zero of=/fill/x bs=1M count=%d 2>/dev/null || exit 9; exec sleep 1000";

    private final Client client;

    PoolE2EIT(ServerProcess server) {
        this.client = new Client(server);
    }

    @AfterEach
    void clean() {
        client.deleteAll();
        quota("{}");
    }

    @Test
    void holdsTheCpuOfThreeThatMayHaveAllOfIt() {
        quota("{'cpus':0.3}");
        List<String> busy = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            busy.add(client.run(BUSY, "'resources':{'cpus':0.3}"));
        }
        assertThat(cores(busy, 3)).isLessThan(0.4); // and not 0.9
        quota("{'cpus':0.05}");
        assertThat(cores(busy, 3)).isLessThan(0.1);
        quota("{'cpus':1}");
        await().atMost(Duration.ofSeconds(30)).until(() -> cores(busy, 1) > 0.15);
    }

    @Test
    void killsTheHogAtTheTenantsMemoryAndTellsIt() {
        quota("{'memory':'64MiB'}");
        client.run("exec sleep 1000", "'resources':{'memory':'64MiB'}");
        client.run("exec sleep 1000", "'resources':{'memory':'64MiB'}");
        String hog = client.run(FILL.formatted(150), "'resources':{'memory':'192MiB'}", "'tmpfs':{'/fill':'200MiB'}");
        JsonPath ended = client.await(hog, "stopped");
        assertThat(ended.getBoolean("container.oomKilled")).isTrue();
        client.get("/api/v1/tenants/default/usage").then().body("now.memory.limit", equalTo(64 << 20));
    }

    @Test
    void stopsForkBombsAtTheTenantsPidsAndExplainsWhatFailsForIt() {
        quota("{'pids':60}");
        String bomb = client.run(ARMED_BOMB, "'resources':{'pids':180}");
        String second = client.run(ARMED_BOMB, "'resources':{'pids':180}");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            setOff(bomb); // again and again: one that comes before the trap is set is lost on process 1
            setOff(second);
            return used("pids") >= 50;
        });
        assertThat(used("pids")).isLessThanOrEqualTo(60);
        Response last = another(); // a bomb that could not fork has ended and left a place or two
        for (int i = 0; i < 15 && last.statusCode() == 201; i++) {
            last = another();
        }
        assertThat(last.statusCode()).as(last.asString()).isEqualTo(403);
        assertThat(last.<String>path("code")).isEqualTo("quota-exceeded");
        assertThat(last.<String>path("quota.resource")).isEqualTo("pids");
        client.json("{'command':['true'],'wait':true}")
                .post(Client.path(bomb, "execs"))
                .then()
                .statusCode(403)
                .body("quota.resource", equalTo("pids"));
        assertThat(used("pids")).isLessThanOrEqualTo(60);
    }

    private void setOff(String bomb) {
        client.json("{'signal':'SIGUSR1'}")
                .post(Client.path(bomb, "kill"))
                .then()
                .statusCode(200);
    }

    private Response another() {
        return client.json("{'image':'busybox','command':['sleep','1000']}").post(Client.CONTAINERS);
    }

    @Test
    void takesNoMemoryAwayThatIsInUse() {
        String holder = client.run(FILL.formatted(80), "'tmpfs':{'/fill':'100MiB'}");
        await().atMost(Duration.ofSeconds(20)).until(() -> used("memory") > 80L << 20);
        quota("{'memory':'32MiB'}")
                .body("over.resource", equalTo(List.of("memory")))
                .body("over[0].message", containsString("nothing is killed for it"));
        client.json("{'image':'busybox','command':['sleep','1000']}")
                .post(Client.CONTAINERS)
                .then()
                .statusCode(403)
                .body("quota.resource", equalTo("memory"));
        client.get(Client.path(holder)).then().body("state", equalTo("running"));
        client.exec(holder, "rm /fill/x");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> client.json("{'image':'busybox'}")
                        .post(Client.CONTAINERS)
                        .then()
                        .statusCode(201));
        client.get(Client.path(holder)).then().body("state", equalTo("running"));
        String hog = client.run(FILL.formatted(80), "'tmpfs':{'/fill':'100MiB'}");
        assertThat(client.await(hog, "stopped").getBoolean("container.oomKilled"))
                .isTrue();
    }

    @Test
    void promisesNoIoThatTheHostCannotHold() {
        String holds = client.get("/api/v1/system/info").jsonPath().getString("engine.features.ioLimits");
        Response shared = client.json("{'ioWrite':'10MiB'}").put(QUOTA);
        Response reserved = client.json("{'ioWrite':'10MiB','policies':{'ioWrite':'reserve'}}")
                .put(QUOTA);
        assertThat(shared.statusCode()).as(holds).isEqualTo("groups".equals(holds) ? 200 : 400);
        boolean possible = List.of("groups", "containers").contains(holds);
        assertThat(reserved.statusCode()).as(holds).isEqualTo(possible ? 200 : 400);
    }

    private ValidatableResponse quota(String body) {
        return client.json(body).put(QUOTA).then().statusCode(200);
    }

    private long used(String resource) {
        return client.get("/api/v1/tenants/default/usage").jsonPath().getLong("now." + resource + ".used");
    }

    /** Cores that these containers together use, over some seconds. */
    private double cores(List<String> containers, int seconds) {
        long before = cpuNanos(containers);
        long begun = System.nanoTime();
        await().pollDelay(Duration.ofSeconds(seconds)).until(() -> true);
        return (double) (cpuNanos(containers) - before) / (System.nanoTime() - begun);
    }

    private long cpuNanos(List<String> containers) {
        return containers.stream()
                .mapToLong(id -> client.get(Client.path(id, "stats")).jsonPath().getLong("cpuNanos"))
                .sum();
    }
}
