package io.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Tests that kill the server, or start it again: one for the class, and none of a test's containers on the host after it. */
abstract class OwnServer {

    static ServerProcess server;
    static Client client;

    @BeforeAll
    static void start() {
        server = ServerProcess.create().start();
        client = new Client(server);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @AfterEach
    void deleteAll() {
        client.deleteAll();
        await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
    }
}
