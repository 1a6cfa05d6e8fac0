package io.berth.e2e;

import static io.berth.e2e.Client.path;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Health checks and idle timeouts on the real kernel, over a restart of the server too. */
@EndToEnd
class HealthE2EIT extends OwnServer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void checksAsTheContainersUserAndFollowsWhatItFinds() throws Exception {
        String id = client.run(
                "exec sleep 1000",
                "'user':'1000:1000','workingDir':'/tmp','healthcheck':{'command':['sh','-c','id -u; pwd; test -e ok'],"
                        + "'interval':5,'retries':1}");
        await().atMost(PATIENCE).untilAsserted(() -> container(id).body("health.status", equalTo("unhealthy")));
        container(id).body("health.last.exitCode", equalTo(1)).body("health.last.output", equalTo("1000\n/tmp\n"));
        client.exec(id, "touch ok");
        await().atMost(PATIENCE).untilAsserted(() -> container(id).body("health.status", equalTo("healthy")));
        client.get(path(id, "execs")).then().body("items.size()", equalTo(0));

        client.post(path(id, "pause")).then().statusCode(200).body("health.status", equalTo("healthy"));
        server.kill9();
        server.start();
        container(id).body("state", equalTo("paused")).body("health.status", equalTo("starting"));
        client.post(path(id, "resume")).then().statusCode(200);
        await().atMost(PATIENCE).untilAsserted(() -> container(id).body("health.status", equalTo("healthy")));
        client.post(path(id, "stop") + "?timeout=0").then().statusCode(200).body("health", nullValue());
    }

    @Test
    void killsAllThatAHostileCheckBeginsAndChecksOthersMeanwhile() {
        String forks = client.run("exec sleep 1000", hostile("(setsid sleep 4321 &) ; sleep 4322 & sleep 4323"));
        String floods = client.run("exec sleep 1000", hostile("yes"));
        String bombs = client.run("exec sleep 1000", hostile("while :; do sleep 4321 & done"));
        String good = client.run("exec sleep 1000", "'healthcheck':{'command':['true'],'interval':5}");
        for (String bad : new String[] {forks, floods, bombs}) {
            await().atMost(PATIENCE).untilAsserted(() -> container(bad).body("health.status", equalTo("unhealthy")));
        }
        await().atMost(PATIENCE).untilAsserted(() -> container(good).body("health.status", equalTo("healthy")));
        container(floods)
                .body("health.last.timedOut", equalTo(true))
                .body("health.last.truncated", equalTo(true))
                .body("health.last.output", startsWith("y\ny\n"))
                .body("health.last.output.length()", lessThanOrEqualTo(4096));
        // between two checks there is nothing of them
        await().atMost(PATIENCE)
                .untilAsserted(() -> client.get(path(forks, "processes"))
                        .then()
                        .body("processes.command.join(' ')", not(containsString("432"))));
        client.get(path(good)).then().body("state", equalTo("running"));
    }

    private static String hostile(String script) {
        return "'resources':{'memory':'64MiB','pids':50},'healthcheck':{'command':['sh','-c','" + script
                + "'],'interval':30,'timeout':1,'retries':1,'startPeriod':0}";
    }

    @Test
    void stopsWhatNobodyUses() {
        String used = client.run("exec cat", "'stdin':true,'idleTimeout':10");
        String unused = client.run(
                "trap exit\\\\ 7 TERM; while :; do sleep 0.1; done",
                "'restartPolicy':{'name':'always'},'idleTimeout':'10s'");
        try (StreamClient stream = StreamClient.attach(server, path(used))) {
            await().atMost(PATIENCE).untilAsserted(() -> container(unused).body("state", equalTo("stopped")));
            container(unused)
                    .body("stopReason", equalTo("idle"))
                    .body("desiredState", equalTo("stopped"))
                    .body("exitCode", equalTo(7));
            container(used).body("state", equalTo("running")).body("idleSince", nullValue());
            stream.type("still here\n");
            stream.awaitStdout("still here\n");
        }
        String restarted = client.run("exec sleep 1000", "'idleTimeout':10");
        server.restart();
        // they are found again, and counting has begun anew
        container(restarted).body("state", equalTo("running"));
        for (String id : new String[] {used, restarted}) {
            await().atMost(PATIENCE).untilAsserted(() -> container(id).body("stopReason", equalTo("idle")));
            await().atMost(PATIENCE).untilAsserted(() -> container(id).body("state", equalTo("stopped")));
        }
    }

    private static ValidatableResponse container(String id) {
        return client.get(path(id)).then().statusCode(200);
    }
}
