package io.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tenants on the real kernel: suspended, resumed, deleted with all they have, and what they used. */
@EndToEnd
class TenantE2EIT {

    private static final String TENANTS = "/api/v1/tenants";
    private static final String COUNTER = "while :; do echo tick; sleep 0.05; done";
    private static final Duration LONG = Duration.ofSeconds(40);

    private static final ServerProcess server = ServerProcess.create().with("BERTH_USAGE_SAMPLE_INTERVAL", "1s");

    private final Client client = new Client(server);

    @BeforeAll
    static void start() {
        server.start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    private void create(String tenant) {
        client.json("{'name':'" + tenant + "'}").post(TENANTS).then().statusCode(201);
    }

    private static String containers(String tenant) {
        return TENANTS + "/" + tenant + "/containers";
    }

    private String run(String tenant, String script, String... more) {
        return client.json("{'image':'busybox','command':['sh','-c','" + script + "']"
                        + (more.length == 0 ? "" : "," + String.join(",", more)) + "}")
                .post(containers(tenant))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private void suspend(String tenant, String mode) {
        client.json("{'suspended':true,'suspendMode':'" + mode + "'}")
                .patch(TENANTS + "/" + tenant)
                .then()
                .statusCode(200);
    }

    private void resume(String tenant) {
        client.json("{'suspended':false}").patch(TENANTS + "/" + tenant).then().statusCode(200);
    }

    private String delete(String tenant) {
        return client.request()
                .delete(TENANTS + "/" + tenant)
                .then()
                .statusCode(202)
                .extract()
                .header("Location");
    }

    private void awaitDeleted(String operation) {
        await().atMost(LONG)
                .untilAsserted(() -> client.get(operation + "?wait=5").then().body("status", equalTo("succeeded")));
    }

    private long ticks(String tenant, String container) {
        return client.get(containers(tenant) + "/" + container + "/logs")
                .asString()
                .lines()
                .count();
    }

    private void awaitTicks(String tenant, String container, long more) {
        long before = ticks(tenant, container);
        await().atMost(LONG).until(() -> ticks(tenant, container) >= before + more);
    }

    private void awaitState(String tenant, String container, String state) {
        await().atMost(LONG)
                .untilAsserted(() ->
                        client.get(containers(tenant) + "/" + container).then().body("state", equalTo(state)));
    }

    @Test
    void standsStillWhileItIsSuspendedAndLeavesOthersAlone() {
        create("still");
        create("lively");
        String frozen = run("still", COUNTER);
        String other = run("lively", COUNTER);
        awaitTicks("still", frozen, 3);
        suspend("still", "pause");
        long then = ticks("still", frozen);
        awaitTicks("lively", other, 20);
        assertThat(ticks("still", frozen)).isLessThanOrEqualTo(then + 1);
        resume("still");
        awaitTicks("still", frozen, 3);
        suspend("still", "stop");
        awaitState("still", frozen, "stopped");
        assertThat(server.traces().isMonitored(frozen)).isFalse();
        server.restart();
        awaitTicks("lively", other, 3);
        client.get(containers("still") + "/" + frozen).then().body("state", equalTo("stopped"));
        resume("still");
        awaitState("still", frozen, "running");
        awaitDeleted(delete("still"));
        awaitDeleted(delete("lively"));
    }

    @Test
    void goesWithItsContainersAndShells() {
        create("doomed");
        String container = run("doomed", "exec sleep 1000");
        run("doomed", COUNTER);
        String exec = client.json("{'command':['sh'],'tty':true}")
                .post(containers("doomed") + "/" + container + "/execs")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        try (StreamClient shell =
                StreamClient.attach(server, containers("doomed") + "/" + container + "/execs/" + exec)) {
            shell.type("echo ready-$((1+1))\n");
            shell.awaitStdout("ready-2");
            awaitDeleted(delete("doomed"));
            assertThat(shell.closeCode()).isPositive();
        }
        assertGone("doomed");
    }

    /** Nothing of the tenant's group is on the host, on disk included. */
    private static void assertGone(String tenant) {
        await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
        assertThat(server.traces().all()).noneMatch(trace -> trace.contains(tenant + "_"));
        String[] groups = server.layout().groups().toFile().list((parent, name) -> name.startsWith(tenant + "_"));
        assertThat(groups).isEmpty();
    }

    @Test
    void isDeletedToTheEndThoughTheServerIsKilled() {
        create("halfway");
        for (int i = 0; i < 6; i++) {
            run("halfway", "trap : TERM; while :; do sleep 1; done");
        }
        String operation = delete("halfway");
        server.kill9();
        server.start();
        client.get(TENANTS + "/halfway").then().statusCode(404);
        awaitDeleted(operation);
        assertGone("halfway");
        create("halfway");
        client.get(containers("halfway")).then().body("items.size()", equalTo(0));
        awaitDeleted(delete("halfway"));
    }

    @Test
    void isChargedForTheCpuItUsedThoughTheServerIsKilled() {
        create("busy");
        String id = run("busy", "i=0; while [ $i -lt 4000000 ]; do i=$((i+1)); done; echo finished; exec sleep 1000");
        await().atMost(LONG).until(() -> metered("busy") > 0.5);
        server.kill9();
        server.start();
        await().atMost(LONG)
                .until(() -> client.get(containers("busy") + "/" + id + "/logs")
                        .asString()
                        .contains("finished"));
        double used = cpuSeconds(id);
        assertThat(used).isGreaterThan(1);
        await().atMost(LONG).untilAsserted(() -> assertThat(metered("busy")).isBetween(used * 0.97, used * 1.03 + 0.2));
        // stopping and starting the server charges nothing twice
        server.restart();
        await().during(Duration.ofSeconds(3))
                .atMost(LONG)
                .untilAsserted(() -> assertThat(metered("busy")).isBetween(used * 0.97, used * 1.03 + 0.2));
        awaitDeleted(delete("busy"));
    }

    @Test
    void isChargedForContainersThatLivedForAMoment() {
        create("brief");
        run("brief", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done", "'autoRemove':true");
        await().atMost(LONG).until(() -> metered("brief") > 0.05);
        awaitDeleted(delete("brief"));
    }

    private double metered(String tenant) {
        return client.get(TENANTS + "/" + tenant + "/usage").jsonPath().getDouble("metered.total.cpuSeconds");
    }

    /** What the kernel says of the main process alone: user and system time, in hundredths of a second. */
    private double cpuSeconds(String container) {
        String[] stat = client.json("{'wait':true,'command':['cat','/proc/1/stat']}")
                .post(containers("busy") + "/" + container + "/execs")
                .then()
                .statusCode(200)
                .extract()
                .<String>path("stdout")
                .split(" ", -1);
        return (Long.parseLong(stat[13]) + Long.parseLong(stat[14])) / 100.0;
    }
}
