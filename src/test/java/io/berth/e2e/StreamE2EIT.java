package io.berth.e2e;

import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Terminals, pipes and the main process over a WebSocket, byte for byte. */
@EndToEnd
class StreamE2EIT {

    private static final String SHELL =
            "{'command':['sh'],'tty':true,'env':{'PS1':'ready> '},'size':{'columns':80,'rows':24}}";

    private final ServerProcess server;
    private final Client client;
    private String container = "";

    StreamE2EIT(ServerProcess server) {
        this.server = server;
        this.client = new Client(server);
    }

    @BeforeEach
    void create() {
        container = client.sleeper();
    }

    @AfterEach
    void delete() {
        client.deleteAll();
        await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
    }

    @Test
    void isATerminal() {
        String shell = client.startExec(container, SHELL);
        try (StreamClient terminal = StreamClient.attach(server, shell)) {
            assertThat(terminal.subprotocol()).isEqualTo("v5.channel.k8s.io");
            terminal.awaitStdout("ready> ");
            terminal.type("tty; stty size\n");
            terminal.awaitStdout("/dev/pts/");
            terminal.awaitStdout("\r\n24 80\r\n");
            terminal.send(4, "{\"Width\":120,\"Height\":40}");
            terminal.type("stty size\n");
            terminal.awaitStdout("\r\n40 120\r\n");
            client.json("{'columns':100,'rows':30}")
                    .post(shell + "/resize")
                    .then()
                    .statusCode(204);
            terminal.type("stty size\n");
            terminal.awaitStdout("\r\n30 100\r\n");
            terminal.type("sleep 1000; echo slept=$?\n");
            await().until(() -> client.exec(container, "ps"), containsString("sleep 1000\n"));
            terminal.type("\u0003");
            terminal.awaitStdout("^C");
            terminal.type("exit 7\n");
            assertThat(terminal.status().getString("status")).isEqualTo("Failure");
            assertThat(terminal.status().getString("reason")).isEqualTo("NonZeroExitCode");
            assertThat(terminal.status().getString("details.causes[0].message")).isEqualTo("7");
            assertThat(terminal.closeCode()).isEqualTo(1000);
            assertThat(terminal.stdout()).doesNotContain("slept=0");
        }
        client.get(shell).then().body("state", equalTo("exited")).body("exitCode", equalTo(7));
    }

    @Test
    void replaysFromAnyOffset() {
        String shell = client.startExec(container, SHELL);
        byte[] all;
        try (StreamClient first = StreamClient.attach(server, shell + "?notices=true")) {
            first.awaitStdout("ready> ");
            first.type("seq 1 2000; echo e\\nd\n");
            first.awaitStdout("end\r\nready> ");
            all = first.bytes();
            assertThat(first.offset()).isEqualTo(all.length);
        }
        for (int since : new int[] {0, 1, all.length / 2, all.length - 1}) {
            try (StreamClient again = StreamClient.attach(server, shell + "?since=" + since)) {
                again.awaitRole("writer");
                await().until(() -> again.offset() == all.length);
                assertThat(again.bytes()).isEqualTo(Arrays.copyOfRange(all, since, all.length));
                assertThat(again.notices())
                        .filteredOn(notice -> notice.get("offset") != null)
                        .allMatch(notice -> notice.getInt("lost") == 0);
            }
        }
    }

    @Test
    void hasOneWriterAndViewers() {
        String shell = client.startExec(container, SHELL);
        try (StreamClient first = StreamClient.attach(server, shell + "?notices=true");
                StreamClient viewer = StreamClient.attach(server, shell + "?role=viewer&notices=true")) {
            first.awaitRole("writer");
            viewer.awaitRole("viewer");
            first.type("echo o\\ne\n");
            viewer.awaitStdout("one\r\n");
            try (StreamClient refused = StreamClient.attach(server, shell)) {
                assertThat(refused.closeCode()).isEqualTo(4409);
            }
            try (StreamClient second = StreamClient.attach(server, shell + "?takeover=true&notices=true")) {
                second.awaitRole("writer");
                first.awaitRole("viewer");
                second.type("echo t\\wo\n");
                first.awaitStdout("two\r\n");
                viewer.awaitStdout("two\r\n");
                viewer.type("x");
                assertThat(viewer.closeCode()).isEqualTo(1008);
                assertThat(second.isClosed()).isFalse();
            }
        }
    }

    @Test
    void endsInputWithoutEndingOutput() {
        String cat = client.startExec(container, "{'command':['sh','-c','cat; echo done >&2'],'stdin':true}");
        try (StreamClient pipe = StreamClient.attach(server, cat)) {
            pipe.type("first ");
            pipe.awaitStdout("first ");
            pipe.type("second");
            pipe.closeInput();
            assertThat(pipe.status().getString("status")).isEqualTo("Success");
            assertThat(pipe.closeCode()).isEqualTo(1000);
            assertThat(pipe.stdout()).isEqualTo("first second");
            assertThat(pipe.stderr()).isEqualTo("done\n");
        }
    }

    /** 64 MiB of counted lines to a client that asks the API something after every MiB: nothing is lost or kept in heaps. */
    @Test
    void makesAProcessWaitForASlowReader() throws NoSuchAlgorithmException {
        long total = 64L << 20;
        client.exec(container, "seq 1 2000000 | head -c 4194304 > /block");
        String sum = client.exec(container, "for i in $(seq 16); do cat /block; done | sha256sum")
                .substring(0, 64);
        String flood = client.startExec(container, "{'command':['sh','-c','for i in $(seq 16); do cat /block; done']}");
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        AtomicLong received = new AtomicLong();
        try (StreamClient slow = StreamClient.attach(server, flood, server.token(), output -> {
            digest.update(output);
            long before = received.getAndAdd(output.length);
            if (before >> 20 != received.get() >> 20 && received.get() < total / 2) {
                client.get(flood).then().statusCode(200).body("state", equalTo("running"));
            }
        })) {
            assertThat(slow.status().getString("status")).isEqualTo("Success");
            assertThat(slow.closeCode()).isEqualTo(1000);
        }
        assertThat(received).hasValue(total);
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(sum);
    }

    @Test
    void attachesToTheMainProcess() {
        String echo = client.run("echo hello; while read line; do echo got $line; done; exit 4", "'stdin':true");
        try (StreamClient main = StreamClient.attach(server, path(echo) + "?since=0")) {
            main.awaitStdout("hello\n");
            main.type("one\n");
            main.awaitStdout("got one\n");
        }
        try (StreamClient main = StreamClient.attach(server, path(echo))) {
            main.type("two\n");
            main.awaitStdout("got two\n");
            assertThat(main.stdout()).isEqualTo("got two\n");
            client.json("{}").post(path(echo, "kill")).then().statusCode(200);
            assertThat(main.status().getString("details.causes[0].message")).isEqualTo("137");
            assertThat(main.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void waitsForTheStartAndMissesNothing() {
        String fresh = create("'command':['sh','-c','echo first; exec cat'],'stdin':true");
        String failing = create("'command':['sh','-c','exit 3'],'tty':true");
        String removed = create("'command':['sleep','1000']");
        try (StreamClient main = StreamClient.attach(server, path(fresh) + "?notices=true");
                StreamClient terminal = StreamClient.attach(server, path(failing));
                StreamClient other = StreamClient.attach(server, path(removed))) {
            main.awaitRole("writer");
            main.type("typed\n");
            client.post(path(fresh, "start")).then().statusCode(200);
            main.awaitStdout("first\ntyped\n");
            assertThat(main.stdout()).isEqualTo("first\ntyped\n");
            client.post(path(failing, "start")).then().statusCode(200);
            assertThat(terminal.status().getString("details.causes[0].message")).isEqualTo("3");
            assertThat(terminal.closeCode()).isEqualTo(1000);
            client.delete(removed);
            assertThat(other.closeCode()).isEqualTo(1000);
        }
    }

    private String create(String spec) {
        return client.json("{'image':'busybox'," + spec + "}")
                .post(Client.CONTAINERS + "?start=false")
                .then()
                .statusCode(201)
                .body("state", equalTo("created"))
                .extract()
                .path("id");
    }

    /** For some seconds after its end a client that comes back hears how it ended; then, and where nobody was, it is refused. */
    @Test
    void refusesTheMainProcessOfWhatHasStopped() {
        String followed = client.run("read word; exit 6", "'stdin':true");
        String alone = client.run("exit 6");
        client.await(alone, "stopped");
        assertThat(refusal(path(alone), server.token())).isEqualTo(4409);
        try (StreamClient main = StreamClient.attach(server, path(followed))) {
            main.type("go\n");
            assertThat(main.status().getString("details.causes[0].message")).isEqualTo("6");
        }
        try (StreamClient late = StreamClient.attach(server, path(followed))) {
            assertThat(late.status().getString("details.causes[0].message")).isEqualTo("6");
        }
        await().until(() -> refusal(path(followed), server.token()), equalTo(4409));
    }

    @Test
    void letsAHolderOfATicketInOnce() {
        String shell = client.startExec(container, SHELL);
        String ticket = client.json("{'role':'viewer'}")
                .post(shell + "/attach/ticket")
                .then()
                .statusCode(201)
                .extract()
                .path("ticket");
        try (StreamClient viewer =
                StreamClient.attach(server, shell + "?role=viewer&notices=true&ticket=" + ticket, null, null)) {
            viewer.awaitRole("viewer");
        }
        try (StreamClient again = StreamClient.attach(server, shell + "?role=viewer&ticket=" + ticket, null, null)) {
            assertThat(again.closeCode()).isEqualTo(4401);
        }
    }

    @Test
    void refusesByCloseCode() {
        String shell = client.startExec(container, SHELL);
        assertThat(refusal(path("no-such"), server.token())).isEqualTo(4404);
        assertThat(refusal(path(container, "execs", "no-such"), server.token())).isEqualTo(4404);
        assertThat(refusal(shell, "berth_" + "x".repeat(43))).isEqualTo(4401);
        assertThat(refusal(shell, null)).isEqualTo(4401);
        assertThat(refusal(shell + "?since=-1", server.token())).isEqualTo(1008);
    }

    private int refusal(String path, @Nullable String token) {
        try (StreamClient refused = StreamClient.attach(server, path, token, null)) {
            return refused.closeCode();
        }
    }

    @Test
    void refusesWhatIsNoMessageOfAClient() {
        String shell = client.startExec(container, SHELL);
        try (StreamClient wrong = StreamClient.attach(server, shell)) {
            wrong.send(1, "stdout is not a client's");
            assertThat(wrong.closeCode()).isEqualTo(1002);
        }
        try (StreamClient wrong = StreamClient.attach(server, shell)) {
            wrong.sendText("text");
            assertThat(wrong.closeCode()).isEqualTo(1003);
        }
        try (StreamClient wrong = StreamClient.attach(server, shell)) {
            wrong.send(4, "{\"Width\":\"wide\"}");
            assertThat(wrong.closeCode()).isEqualTo(1008);
        }
        try (StreamClient good = StreamClient.attach(server, shell)) {
            good.type("echo a\\live\n");
            good.awaitStdout("alive\r\n");
        }
    }
}
