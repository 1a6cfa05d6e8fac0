package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.TENANT;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Containers and terminal sessions outlive the server, however it ends; what it acknowledged is there when it is back. */
@EndToEnd
class SurvivalE2EIT extends OwnServer {

    private static final int CLIENTS = 4;
    private static final int ROUNDS = 24;
    private static final String AWAIT_FILE = "while [ ! -e /go ]; do sleep 0.05; done; ";
    private static final String SHELL = "{'command':['sh'],'tty':true,'env':{'PS1':'ready> '}}";
    private static final String COUNTER =
            "{'command':['sh','-c','i=0; while :; do i=$((i+1)); echo line $i; sleep 0.01; done'],'tty':true}";

    @Test
    void keepsWhatItAcknowledgedWhenItIsKilledUnderLoad() {
        String container = client.sleeper();
        String shell = client.startExec(container, SHELL);
        String counter = client.startExec(container, COUNTER);
        String pipe = client.startExec(container, "{'command':['sleep','4321'],'stdin':true}");
        try (StreamClient typist = StreamClient.attach(server, shell + "?notices=true");
                StreamClient follower = StreamClient.attach(server, counter + "?since=0");
                StreamClient piped = StreamClient.attach(server, pipe);
                Load load = new Load(client, CLIENTS)) {
            typist.type("word=kept; echo b\\efore\n");
            typist.awaitStdout("before\r\n");
            follower.awaitStdout("line 20\r\n");
            load.awaitRounds(ROUNDS);
            load.expectTheEnd();
            server.kill9();
            load.close();
            HostTraces orphaned = server.traces();
            assertThat(load.created.values())
                    .filteredOn(id -> !load.deleting.contains(id))
                    .isNotEmpty()
                    .allMatch(orphaned::isMonitored);
            assertThat(typist.closeCode()).isEqualTo(1006);
            assertThat(piped.closeCode()).isEqualTo(1006);

            server.start();
            hasWhatWasAcknowledged(load);
            hasNothingHalfMade();
            await().until(() -> client.exec(container, "ps"), ps -> !ps.contains("4321"));
            client.get(pipe).then().statusCode(404);
            goesOnTyping(shell, typist);
            goesOnFollowing(counter, follower);
        }
    }

    private static void hasWhatWasAcknowledged(Load load) {
        for (Map.Entry<String, String> entry : load.created.entrySet()) {
            String id = entry.getValue();
            if (load.deleted.contains(id)) {
                client.get(path(id)).then().statusCode(404);
            } else if (!load.deleting.contains(id)) {
                client.get(path(id)).then().statusCode(200).body("state", equalTo("running"));
                assertThat(client.exec(id, "echo alive")).isEqualTo("alive\n");
                client.json("{'image':'busybox','command':['sleep','1000']}")
                        .header("Idempotency-Key", entry.getKey())
                        .post(CONTAINERS)
                        .then()
                        .statusCode(201)
                        .body("id", equalTo(id));
            }
        }
        for (String operation : load.operations) {
            String status = client.get("/api/v1/operations/" + operation)
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("status");
            assertThat(status).isIn("succeeded", "failed");
        }
    }

    /** Every container is at rest, and the host has the listed ones and no others. */
    private static void hasNothingHalfMade() {
        await().untilAsserted(() -> {
            JsonPath all = client.get(CONTAINERS + "?limit=200").jsonPath();
            assertThat(all.<String>getList("items.state")).containsOnly("running");
            Set<String> listed = new HashSet<>(all.getList("items.id"));
            assertThat(server.traces().containers()).isEqualTo(listed);
        });
    }

    private static void goesOnTyping(String shell, StreamClient before) {
        byte[] seen = before.bytes();
        try (StreamClient again = StreamClient.attach(server, shell + "?since=0")) {
            again.type("echo $word\n");
            again.awaitStdout("\r\nkept\r\nready> ");
            assertThat(again.bytes()).startsWith(seen);
        }
        try (StreamClient rest = StreamClient.attach(server, shell + "?since=" + before.offset())) {
            rest.awaitStdout("\r\nkept\r\nready> ");
            assertThat(rest.stdout()).startsWith("echo $word\r\n");
            rest.type("exit 3\n");
            assertThat(rest.status().getString("details.causes[0].message")).isEqualTo("3");
        }
    }

    /** What the two clients saw, one after the other, is every line once. */
    private static void goesOnFollowing(String counter, StreamClient before) {
        try (StreamClient rest = StreamClient.attach(server, counter + "?since=" + before.offset())) {
            await().until(() -> rest.bytes().length > 200);
            String whole = before.stdout() + rest.stdout();
            List<String> lines = whole.substring(0, whole.lastIndexOf("\r\n"))
                    .lines()
                    .filter(line -> !line.isEmpty())
                    .toList();
            for (int i = 0; i < lines.size(); i++) {
                assertThat(lines.get(i)).isEqualTo("line " + (i + 1));
            }
            assertThat(rest.notices())
                    .filteredOn(notice -> notice.get("lost") != null)
                    .allMatch(notice -> notice.getInt("lost") == 0);
        }
    }

    @Test
    void hearsOfWhatEndedMeanwhile() throws IOException {
        String failed = client.run(AWAIT_FILE + "exit 7");
        String restarted = client.run(
                "[ -e /go ] && exec sleep 1000; " + AWAIT_FILE + "exit 1", "'restartPolicy':{'name':'always'}");
        String removed = client.run(AWAIT_FILE, "'autoRemove':true");
        String expired = client.run("exec sleep 1000", "'ttl':'3s'");
        String untouched = client.run("echo first; exec sleep 1000");
        String ending =
                client.startExec(untouched, "{'command':['sh','-c','" + AWAIT_FILE + "echo last; exit 5'],'tty':true}");
        server.kill9();
        for (String id : List.of(failed, restarted, removed, untouched)) {
            Files.write(
                    server.layout().runDir().resolve("rootfs").resolve(id).resolve("go"),
                    "now".getBytes(StandardCharsets.UTF_8));
        }
        await().until(() -> List.of(failed, restarted, removed).stream().noneMatch(server.traces()::isMonitored));
        await().until(() -> !server.traces().isMonitored(ending.substring(ending.lastIndexOf('/') + 1)));
        server.start();
        assertThat(client.await(failed, "stopped").getInt("container.exitCode")).isEqualTo(7);
        await().untilAsserted(() -> client.get(path(restarted))
                .then()
                .body("state", equalTo("running"))
                .body("restartCount", equalTo(1)));
        for (String gone : List.of(removed, expired)) {
            await().untilAsserted(() -> client.get(path(gone)).then().statusCode(404));
        }
        client.get(path(untouched)).then().body("state", equalTo("running")).body("restartCount", equalTo(0));
        client.get(ending).then().body("state", equalTo("exited")).body("exitCode", equalTo(5));
        try (StreamClient late = StreamClient.attach(server, ending + "?since=0")) {
            assertThat(late.status().getString("details.causes[0].message")).isEqualTo("5");
            assertThat(late.stdout()).isEqualTo("last\r\n");
        }
    }

    @Test
    void goesOnAfterAnOrderlyStop() {
        String container = client.run("i=0; while :; do i=$((i+1)); echo line $i; sleep 0.01; done");
        String shell = client.startExec(container, SHELL);
        String pipe = client.startExec(container, "{'command':['sleep','4321']}");
        String paused = client.sleeper();
        client.post(path(paused, "pause")).then().statusCode(200);
        String created = client.json("{'image':'busybox','command':['sleep','1000']}")
                .post(CONTAINERS + "?start=false")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        try (StreamClient typist = StreamClient.attach(server, shell + "?notices=true");
                StreamClient piped = StreamClient.attach(server, pipe)) {
            typist.awaitStdout("ready> ");
            server.restart();
            assertThat(typist.closeCode()).isEqualTo(1001);
            assertThat(piped.closeCode()).isEqualTo(1001);
            assertThat(server.log()).doesNotContain("Timed out waiting for graceful shutdown");
            try (StreamClient again = StreamClient.attach(server, shell + "?since=" + typist.offset())) {
                again.type("echo $((6*7))\n");
                again.awaitStdout("42\r\n");
                assertThat(again.stdout()).startsWith("echo $((6*7))\r\n");
            }
        }
        assertThat(client.exec(container, "ps")).doesNotContain("4321");
        client.get(path(paused)).then().body("state", equalTo("paused"));
        client.post(path(paused, "resume")).then().statusCode(200).body("state", equalTo("running"));
        client.post(path(created, "start")).then().statusCode(200).body("state", equalTo("running"));
        client.json("{}").post(path(container, "kill")).then().statusCode(200);
        client.await(container, "stopped");
        List<String> lines = client.request()
                .accept("text/plain")
                .get(path(container, "logs"))
                .asString()
                .lines()
                .toList();
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i)).isEqualTo("line " + (i + 1));
        }
    }

    @Test
    void stopsContainersWithItselfWhereThatIsWanted() {
        server.with("BERTH_STOP_CONTAINERS", "true").restart();
        String once = client.run("trap exit\\\\ 4 TERM; while :; do sleep 0.05; done");
        String always =
                client.run("trap exit\\\\ 4 TERM; while :; do sleep 0.05; done", "'restartPolicy':{'name':'always'}");
        server.stop();
        assertThat(List.of(once, always)).noneMatch(server.traces()::isMonitored);
        server.with("BERTH_STOP_CONTAINERS", "false").start();
        client.get(path(once)).then().body("state", equalTo("stopped"));
        await().untilAsserted(() -> client.get(path(always)).then().body("state", equalTo("running")));
    }

    @Test
    void keepsASecondServerFromItsData() {
        ServerProcess rival = server.rival();
        assertThat(rival.runToItsEnd()).isNotZero();
        assertThat(rival.log())
                .contains("another Berth server (pid ")
                .contains("uses the data directory " + server.dataDir())
                .contains("--data-dir");
        client.get(TENANT + "/containers").then().statusCode(200).body("items", hasSize(0));
    }
}
