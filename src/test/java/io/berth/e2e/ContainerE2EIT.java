package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a container can do and have done to it, on the real kernel. */
@EndToEnd
class ContainerE2EIT {

    private final ServerProcess server;
    private final Client client;

    ContainerE2EIT(ServerProcess server) {
        this.server = server;
        this.client = new Client(server);
    }

    @AfterEach
    void deleteAllAndFindNothingOfThemOnTheHost() {
        client.deleteAll();
        await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
    }

    @Test
    void isCreatedFoundAndDeleted() {
        Response created = client.json("{'name':'web','image':'busybox','command':['sleep','1000'],'hostname':'box',"
                        + "'env':{'COLOUR':'blue'},'labels':{'app':'web'},'workingDir':'/tmp','user':'1000:1000',"
                        + "'resources':{'cpus':0.5,'memory':'64MiB','pids':32}}")
                .post(CONTAINERS);
        created.then()
                .statusCode(201)
                .header("ETag", notNullValue())
                .header("Location", containsString(CONTAINERS + "/ctr_"))
                .body("state", equalTo("running"))
                .body("resources.memory", equalTo(64 << 20));
        String id = created.path("id");
        client.get(path("web")).then().statusCode(200).body("id", equalTo(id));
        assertThat(client.exec(id, "echo $COLOUR $(hostname) $(id -u):$(id -g) $(pwd)"))
                .isEqualTo("blue box 1000:1000 /tmp\n");
        client.json("{'name':'web','image':'busybox'}")
                .post(CONTAINERS)
                .then()
                .statusCode(409)
                .body("code", equalTo("name-taken"));
        client.request().delete(path(id)).then().statusCode(409).body("code", equalTo("wrong-state"));
        client.request().delete(path(id) + "?force=true").then().statusCode(204);
        client.get(path(id)).then().statusCode(404).body("code", equalTo("container-not-found"));
        client.request().delete(path(id)).then().statusCode(404);
    }

    @Test
    void isListedInPagesAndByFilters() {
        List<String> newestFirst = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            newestFirst.add(0, name);
            client.json("{'name':'" + name + "','image':'busybox','labels':{'odd':'" + !name.equals("two") + "'}}")
                    .post(CONTAINERS + "?start=false")
                    .then()
                    .statusCode(201)
                    .body("state", equalTo("created"));
        }
        client.post(path("two", "start")).then().statusCode(200);
        List<String> listed = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            Response page = client.get(CONTAINERS + "?limit=2" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            listed.addAll(page.path("items.name"));
            cursor = page.path("next");
        }
        assertThat(listed).isEqualTo(newestFirst);
        client.get(CONTAINERS + "?label=odd=true").then().body("items.name", contains("three", "one"));
        client.get(CONTAINERS + "?q=thr").then().body("items.name", contains("three"));
        client.get(CONTAINERS + "?state=created&q=one").then().body("items.name", contains("one"));
        client.get(CONTAINERS + "?cursor=nonsense").then().statusCode(400).body("code", equalTo("invalid-cursor"));
    }

    @Test
    void isEditedByWhoKnowsItsVersion() {
        Response created = client.create("exec sleep 1000", "'resources':{'memory':'64MiB','pids':20}")
                .extract()
                .response();
        String id = created.path("id");
        String known = created.header("ETag");
        String patch = "{'labels':{'tier':'gold'},'resources':{'memory':'128MiB','pids':10}}";
        String changed = client.json(patch)
                .header("If-Match", known)
                .patch(path(id))
                .then()
                .statusCode(200)
                .body("resources.memory", equalTo(128 << 20))
                .body("labels.tier", equalTo("gold"))
                .extract()
                .header("ETag");
        assertThat(changed).isNotEqualTo(known);
        client.json(patch).header("If-Match", known).patch(path(id)).then().statusCode(412);
        client.get(path(id, "stats"))
                .then()
                .body("memoryLimitBytes", equalTo(128 << 20))
                .body("pidsLimit", equalTo(10));
        // the new limit holds at once
        assertThat(client.exec(id, "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 5 & done 2>&1; kill $(jobs -p)"))
                .contains("fork");
    }

    @Test
    void stopsIsKilledAndStartsAgainOnItsWritableLayer() {
        String id = client.run("trap : HUP; trap exit\\\\ 143 TERM; echo run >> /runs; while :; do sleep 0.1; done");
        await().until(() -> client.exec(id, "cat /runs"), equalTo("run\n"));
        client.post(path(id, "stop"))
                .then()
                .statusCode(200)
                .body("state", equalTo("stopped"))
                .body("exitCode", equalTo(143))
                .body("finishedAt", notNullValue());
        client.post(path(id, "stop")).then().statusCode(200).body("exitCode", equalTo(143));
        client.json("{'wait':true,'command':['true']}")
                .post(path(id, "execs"))
                .then()
                .statusCode(409);
        client.post(path(id, "start"))
                .then()
                .statusCode(200)
                .body("state", equalTo("running"))
                .body("exitCode", nullValue());
        await().until(() -> client.exec(id, "cat /runs"), equalTo("run\nrun\n"));
        client.json("{'signal':'SIGHUP'}").post(path(id, "kill")).then().statusCode(200);
        client.get(path(id)).then().body("state", equalTo("running"));
        client.json("{}").post(path(id, "kill")).then().statusCode(200);
        assertThat(client.await(id, "stopped").getMap("container"))
                .containsEntry("exitCode", 137)
                .containsEntry("oomKilled", false);
        client.post(path(id, "restart")).then().statusCode(200).body("state", equalTo("running"));
        client.post(path(id, "restart") + "?timeout=0").then().statusCode(200).body("state", equalTo("running"));
        await().until(() -> client.exec(id, "wc -l < /runs").strip(), equalTo("4"));
    }

    @Test
    void isKilledWhenItIgnoresTheStopSignal() {
        String id = client.run("trap : TERM; echo ready; while :; do sleep 0.1; done", "'stopTimeout':1");
        client.awaitLog(id, "ready\n");
        client.post(path(id, "stop")).then().statusCode(200).body("exitCode", equalTo(137));
    }

    @Test
    void doesNothingWhilePaused() {
        String id = client.run("while :; do echo x >> /ticks; sleep 0.02; done");
        client.post(path(id, "pause")).then().statusCode(200).body("state", equalTo("paused"));
        client.json("{'wait':true,'command':['true']}")
                .post(path(id, "execs"))
                .then()
                .statusCode(409);
        long used = client.get(path(id, "stats")).jsonPath().getLong("cpuNanos");
        client.get(path(id, "wait") + "?timeout=1").then().body("conditionMet", equalTo(false));
        client.get(path(id, "stats")).then().body("cpuNanos.toLong()", equalTo(used));
        client.post(path(id, "resume")).then().statusCode(200).body("state", equalTo("running"));
        await().until(() -> client.get(path(id, "stats")).jsonPath().getLong("cpuNanos"), greaterThan(used));
        client.post(path(id, "pause")).then().statusCode(200);
        client.post(path(id, "stop") + "?timeout=5").then().statusCode(200).body("state", equalTo("stopped"));
    }

    @Test
    void tellsWhatItWrote() {
        String id = client.run(
                "i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line $i; done; echo oops >&2; sleep 0.5; exit 3");
        assertThat(client.await(id, "stopped").getInt("container.exitCode")).isEqualTo(3);
        assertThat(client.log(id, ""))
                .startsWith("line 1\nline 2\n")
                .contains("line 50\n")
                .contains("oops\n");
        assertThat(client.log(id, "?stream=stderr")).isEqualTo("oops\n");
        assertThat(client.log(id, "?stream=stdout&tail=0")).isEmpty();
        assertThat(client.log(id, "?tail=51&stream=stdout").lines()).hasSizeBetween(50, 51);
        assertThat(client.log(id, "?tail=1&timestamps=true"))
                .matches("20\\d\\d-\\d\\d-\\d\\dT[\\d:.]+Z \\w+( \\d+)?\n");
        assertThat(client.log(id, "?since=1h").lines()).hasSize(51);
        String finished = client.get(path(id)).path("finishedAt");
        assertThat(client.log(id, "?until=2020-01-01T00:00:00Z")).isEmpty();
        assertThat(client.log(id, "?until=" + finished).lines()).hasSize(51);

        List<JsonPath> lines = client.ndjson(id, "?stream=stdout");
        assertThat(lines).extracting(line -> line.getString("text")).hasSize(50).endsWith("line 49", "line 50");
        String tenth = lines.get(9).getString("cursor");
        assertThat(client.ndjson(id, "?stream=stdout&cursor=" + tenth))
                .extracting(line -> line.getString("text"))
                .hasSize(40)
                .startsWith("line 11");
        String events = client.request()
                .accept("text/event-stream")
                .header("Last-Event-ID", tenth)
                .get(path(id, "logs") + "?stream=stdout&follow=true")
                .asString();
        assertThat(events.lines().filter(line -> line.startsWith("data:")).toList())
                .hasSize(40)
                .first()
                .asString()
                .contains("line 11");
        assertThat(events.lines().filter(line -> line.startsWith("id:"))).hasSize(40);
    }

    @Test
    void isFollowedToItsEnd() {
        String id = client.run("echo first; while [ ! -e /go ]; do sleep 0.05; done; echo last");
        client.awaitLog(id, "first\n");
        client.exec(id, "touch /go");
        assertThat(client.log(id, "?follow=true")).isEqualTo("first\nlast\n");
    }

    @Test
    void tellsWhatItUsesRunsAndChanged() {
        String id = client.run("rm /etc/group; echo x > /added; echo x >> /etc/passwd; exec sleep 1000");
        await().untilAsserted(() -> client.get(path(id, "changes"))
                .then()
                .body("changes.path", hasItem("/added"))
                .body("truncated", equalTo(false)));
        Map<String, String> changes =
                client.get(path(id, "changes")).jsonPath().<Map<String, String>>getList("changes").stream()
                        .collect(Collectors.toMap(change -> change.get("path"), change -> change.get("kind")));
        assertThat(changes)
                .containsEntry("/added", "added")
                .containsEntry("/etc/passwd", "modified")
                .containsEntry("/etc/group", "deleted");
        client.get(path(id, "processes"))
                .then()
                .body("processes", hasSize(1))
                .body("processes[0].pid", equalTo(1))
                .body("processes[0].uid", equalTo(0))
                .body("processes[0].command", equalTo("sleep 1000"));
        client.get(path(id, "stats"))
                .then()
                .body("pids", equalTo(1))
                .body("cpuNanos.toLong()", greaterThan(0L))
                .body("memoryBytes", greaterThan(0));
    }

    @Test
    void isRemovedWhenItsTimeIsUpOrItEnds() {
        String id = client.run("exec sleep 1000", "'ttl':'2s'");
        client.get(path(id)).then().body("expiresAt", notNullValue());
        String other = client.run("exit 0", "'autoRemove':true");
        for (String removed : List.of(id, other)) {
            await().untilAsserted(() -> client.get(path(removed)).then().statusCode(404));
        }
    }

    @Test
    void isStartedAgainAsItsPolicySays() {
        String id = client.run("echo run; exit 3", "'restartPolicy':{'name':'on-failure','maxRetries':2}");
        await().untilAsserted(() -> client.get(path(id))
                .then()
                .body("restartCount", equalTo(2))
                .body("state", equalTo("stopped"))
                .body("exitCode", equalTo(3)));
        assertThat(client.log(id, "")).isEqualTo("run\nrun\nrun\n");
        String good = client.run("exit 0", "'restartPolicy':{'name':'on-failure','maxRetries':2}");
        client.await(good, "stopped");
        client.get(path(good)).then().body("restartCount", equalTo(0));
        String always = client.run("exec sleep 1000", "'restartPolicy':{'name':'always'}");
        client.exec(always, "kill -9 -1; kill -TERM 1; true");
        client.json("{}").post(path(always, "kill")).then().statusCode(200);
        await().untilAsserted(() -> client.get(path(always)).then().body("state", equalTo("stopped")));
        client.get(path(always)).then().body("desiredState", equalTo("stopped"));
    }

    @Test
    void reapsOrphansWithAnInit() {
        String id = client.run("(sleep 0.1 &) ; exec sleep 1000", "'init':true");
        client.get(path(id, "processes")).then().body("processes.size()", greaterThanOrEqualTo(2));
        await().untilAsserted(() -> client.get(path(id, "processes"))
                .then()
                .body("processes.findAll { it.command.endsWith('sleep 1000') && it.pid != 1 }", hasSize(1))
                .body("processes.findAll { it.state.startsWith('Z') }", empty()));
        client.post(path(id, "stop")).then().body("exitCode", equalTo(143));
    }

    @Test
    void isMadeOnceForOneKey() {
        String body = "{'image':'busybox','command':['sleep','1000']}";
        String key = "once-" + System.nanoTime();
        String id = client.json(body)
                .header("Idempotency-Key", key)
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        client.json(body)
                .header("Idempotency-Key", key)
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", equalTo("true"))
                .body("id", equalTo(id));
        client.json("{'image':'other'}")
                .header("Idempotency-Key", key)
                .post(CONTAINERS)
                .then()
                .statusCode(422);
        client.get(CONTAINERS).then().body("items", hasSize(1));
    }

    @Test
    void isMadeByAnOperation() {
        String operation = client.json("{'name':'later','image':'busybox','command':['sleep','1000']}")
                .header("Prefer", "respond-async")
                .post(CONTAINERS)
                .then()
                .statusCode(202)
                .header("Location", containsString("/api/v1/operations/op_"))
                .extract()
                .path("id");
        String made = client.get("/api/v1/operations/" + operation + "?wait=30")
                .then()
                .statusCode(200)
                .body("status", equalTo("succeeded"))
                .body("result", startsWith(CONTAINERS + "/ctr_"))
                .extract()
                .path("result");
        client.get(made).then().body("name", equalTo("later")).body("state", equalTo("running"));
    }

    @Test
    void tellsOutOfMemoryFromAKill() {
        String hog = client.run("exec tail /dev/zero", "'resources':{'memory':'32MiB'}");
        assertThat(client.await(hog, "stopped").getMap("container"))
                .containsEntry("exitCode", 137)
                .containsEntry("oomKilled", true);
        String victim = client.run("exec sleep 1000", "'resources':{'memory':'32MiB'}");
        client.json("{'signal':'SIGKILL'}").post(path(victim, "kill")).then().statusCode(200);
        assertThat(client.await(victim, "stopped").getMap("container"))
                .containsEntry("exitCode", 137)
                .containsEntry("oomKilled", false);
    }

    @Test
    void runsCommandsWithInputAndLimits() {
        String id = client.sleeper();
        client.json("{'wait':true,'command':['cat'],'stdin':'typed'}")
                .post(path(id, "execs"))
                .then()
                .statusCode(200)
                .body("stdout", equalTo("typed"))
                .body("exitCode", equalTo(0));
        client.json("{'wait':true,'command':['sh','-c','echo e >&2; exit 9']}")
                .post(path(id, "execs"))
                .then()
                .body("exitCode", equalTo(9))
                .body("stderr", equalTo("e\n"));
        client.json("{'wait':true,'command':['sleep','100'],'timeout':'1s'}")
                .post(path(id, "execs"))
                .then()
                .body("timedOut", equalTo(true))
                .body("durationMs", lessThan(20_000f));
        client.json("{'wait':true,'command':['head','-c','3m','/dev/zero'],'encoding':'base64'}")
                .post(path(id, "execs"))
                .then()
                .body("truncated", equalTo(true))
                .body("exitCode", equalTo(0));
        client.get(path(id, "processes")).then().body("processes", hasSize(1));
    }
}
