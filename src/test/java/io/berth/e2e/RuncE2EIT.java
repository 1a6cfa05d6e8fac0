package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.RequiresProgram;
import org.junit.jupiter.api.Test;

/** The whole server with the runtime that an operator may choose instead of crun. */
@EndToEnd
@RequiresProgram("runc")
class RuncE2EIT {

    @Test
    void doesAllThatTheOtherRuntimeDoes() {
        try (ServerProcess server =
                ServerProcess.create().with("BERTH_ENGINE_RUNTIME", "runc").start()) {
            Client client = new Client(server);
            client.get("/api/v1/system/info").then().body("engine.versions.runc", startsWith("1."));
            String container = client.run("trap exit\\\\ 5 TERM; echo up; while :; do sleep 0.1; done", "'init':true");
            assertThat(client.exec(container, "echo in; exit 0")).isEqualTo("in\n");
            client.json("{'wait':true,'command':['no-such-command']}")
                    .post(path(container, "execs"))
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("command-not-found"));
            client.json("{'image':'busybox','command':['no-such-command']}")
                    .post(CONTAINERS)
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("command-not-found"));
            pausesAndChangesLimits(client, container);
            keepsItsTerminalOverAKill(server, client, container);
            String hog = client.run("exec tail /dev/zero", "'resources':{'memory':'32MiB'}");
            assertThat(client.await(hog, "stopped").getMap("container"))
                    .containsEntry("exitCode", 137)
                    .containsEntry("oomKilled", true);
            client.post(path(container, "stop")).then().statusCode(200).body("exitCode", equalTo(5));
            client.post(path(container, "start")).then().statusCode(200).body("state", equalTo("running"));
            client.deleteAll();
            await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
        }
    }

    private static void pausesAndChangesLimits(Client client, String container) {
        client.post(path(container, "pause")).then().statusCode(200).body("state", equalTo("paused"));
        client.post(path(container, "resume")).then().statusCode(200).body("state", equalTo("running"));
        client.json("{'resources':{'memory':'64MiB'}}")
                .patch(path(container))
                .then()
                .statusCode(200);
        client.get(path(container, "stats")).then().body("memoryLimitBytes", equalTo(64 << 20));
    }

    private static void keepsItsTerminalOverAKill(ServerProcess server, Client client, String container) {
        String shell = client.startExec(
                container, "{'command':['sh'],'tty':true,'env':{'PS1':'ready> '},'size':{'columns':80,'rows':24}}");
        try (StreamClient terminal = StreamClient.attach(server, shell)) {
            terminal.awaitStdout("ready> ");
            terminal.send(4, "{\"Width\":120,\"Height\":40}");
            terminal.type("word=kept; stty size\n");
            terminal.awaitStdout("\r\n40 120\r\n");
            server.kill9();
        }
        server.start();
        try (StreamClient terminal = StreamClient.attach(server, shell + "?since=0")) {
            terminal.type("echo $word; exit 4\n");
            terminal.awaitStdout("\r\nkept\r\n");
            assertThat(terminal.status().getString("details.causes[0].message")).isEqualTo("4");
        }
    }
}
