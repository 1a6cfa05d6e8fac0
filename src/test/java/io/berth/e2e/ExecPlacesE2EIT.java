package io.berth.e2e;

import static io.berth.e2e.Client.TENANT;
import static io.berth.e2e.Client.path;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Places for execs come back with the end of what they were taken for, whoever has come for it. */
@EndToEnd
class ExecPlacesE2EIT {

    private static final String EXEC = "{'command':['sh','-c','echo unread; exec sleep 1000']}";

    @Test
    void execsThatNobodyCameForGiveThemBackWhenTheirContainerEnds() {
        try (ServerProcess server = ServerProcess.create().start()) {
            Client client = new Client(server);
            client.json("{'execSessions':1}").put(TENANT + "/quota").then().statusCode(200);
            String container = client.sleeper();
            for (String end : List.of("kill", "stop?timeout=0")) {
                client.startExec(container, EXEC);
                client.json(EXEC).post(path(container, "execs")).then().statusCode(403);
                client.json("{}").post(path(container) + "/" + end).then().statusCode(200);
                client.await(container, "stopped");
                awaitFree(client);
                client.post(path(container, "start")).then().statusCode(200);
            }
            tellsTheEndOfOneThatNobodyCameFor(client, container);
            client.startExec(container, EXEC);
            client.delete(container);
            awaitFree(client);
        }
    }

    private static void tellsTheEndOfOneThatNobodyCameFor(Client client, String container) {
        String exec = client.startExec(container, EXEC);
        client.json("{'signal':'KILL'}").post(exec + "/signal").then().statusCode(204);
        await().untilAsserted(() -> client.get(exec).then().body("state", equalTo("exited"), "exitCode", equalTo(137)));
        client.get(TENANT + "/usage").then().body("now.execSessions.used", equalTo(1)); // its output is still to be had
        client.request().delete(exec).then().statusCode(204);
        awaitFree(client);
    }

    private static void awaitFree(Client client) {
        await().untilAsserted(() -> client.get(TENANT + "/usage").then().body("now.execSessions.used", equalTo(0)));
    }
}
