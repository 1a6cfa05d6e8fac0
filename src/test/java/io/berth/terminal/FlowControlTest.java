package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.containers.ContainerHandle;
import io.berth.execs.Exec;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens when a client does not take its output as fast as the process writes it. */
class FlowControlTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final StreamServer server = new StreamServer(Map.of());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void carriesMegabytesWithoutLosingAByte() {
        int bytes = 16 << 20;
        TestSocket socket = server.connect(server.pipes("box", "flood", Integer.toString(bytes)) + "?notices=1");
        assertThat(socket.closeCode()).isEqualTo(1000);
        byte[] all = socket.stdoutBytes();
        assertThat(all.length).as("bytes; %s", socket.notices()).isEqualTo(bytes);
        for (int i = 0; i < bytes; i += 997) {
            assertThat(all[i]).isEqualTo((byte) (i % 251));
        }
    }

    @Test
    void carriesManySlicesThatAreAllThereAtOnce() {
        int times = 20_000;
        TestSocket socket = server.connect(server.pipes("box", "alternate", Integer.toString(times)) + "?notices=1");
        assertThat(socket.closeCode()).isEqualTo(1000);
        // what came before the client, or faster than it could go, is told as lost; nothing else is
        long lost =
                socket.notices().stream().mapToLong(n -> n.getLong("lost", 0L)).sum();
        assertThat(socket.stdoutBytes()).containsOnly((byte) 'o');
        assertThat(socket.stdoutBytes().length + socket.stderr().length() + lost)
                .as("%s", socket.notices())
                .isEqualTo(2L * times);
    }

    @Test
    void makesTheProcessWaitForASlowWriter() {
        ContainerHandle box = server.run("box", "sleep");
        Exec exec = server.exec(box, false, "flood", Integer.toString(64 << 20));
        TestSocket socket = server.connect("box/execs/" + exec.id() + "/attach");
        socket.socket.pause();
        // the kernel's socket buffers take some megabytes, and then everything stands
        await().pollDelay(Duration.ofMillis(300)).atMost(SOON).until(() -> true);
        assertThat(server.execs.get(box, exec.id().value()).isRunning()).isTrue();
        socket.socket.resume();
        await().atMost(Duration.ofSeconds(60)).until(socket::isClosed);
        assertThat(socket.stdoutBytes().length).isEqualTo(64 << 20);
    }

    @Test
    void sendsNoMoreThanTheWindowBeforeItIsAcknowledged() {
        int window = 64 << 10;
        int bytes = 8 << 20;
        String path = server.pipes("box", "flood", Integer.toString(bytes));
        TestSocket socket = server.connect(path + "?notices=1&window=" + window);
        int most = window + (1 << 20);
        await().atMost(SOON).until(() -> socket.stdoutBytes().length >= window);
        await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> socket.stdoutBytes().length <= most);

        while (!socket.isClosed()) {
            socket.send(5, "{\"ack\":" + socket.stdoutBytes().length + "}");
            Thread.onSpinWait();
        }
        assertThat(socket.closeCode()).isEqualTo(1000);
        assertThat(socket.stdoutBytes().length).isEqualTo(bytes);
    }

    @Test
    void refusesAcknowledgementsNobodyAskedForAndImpossibleOnes() {
        String path = server.session("box", "cat");
        TestSocket plain = server.connect(path);
        plain.send(5, "{\"ack\":0}");
        assertThat(plain.closeCode()).isEqualTo(1002);

        for (String ack : List.of("{\"ack\":1000000}", "{\"ack\":-1}", "{\"ack\":\"1\"}", "{}", "[", "")) {
            TestSocket socket = server.connect(path + "?window=65536&takeover=1");
            socket.send(5, ack);
            assertThat(socket.closeCode()).as(ack).isEqualTo(1008);
        }
        assertThat(server.connect(path + "?window=1").closeCode()).isEqualTo(1008);
    }

    @Test
    void aSlowViewerIsMovedForwardAndStallsNobody() {
        int bytes = 64 << 20;
        String path = server.pipes("box", "flood", Integer.toString(bytes));
        TestSocket slow = server.connect(path + "?role=viewer&notices=1");
        slow.socket.pause();
        TestSocket writer = server.connect(path + "?notices=1");
        await().atMost(Duration.ofSeconds(60)).until(writer::isClosed);
        JsonObject position = writer.lastPosition();
        assertThat(writer.stdoutBytes().length).isEqualTo((int) (bytes - position.getLong("offset")));
        slow.socket.resume();
        await().atMost(Duration.ofSeconds(60)).until(slow::isClosed);
        assertThat(slow.notices())
                .anySatisfy(n -> assertThat(n.getLong("lost", 0L)).isPositive());
        long lost =
                slow.notices().stream().mapToLong(n -> n.getLong("lost", 0L)).sum();
        JsonObject first = slow.notices().stream()
                .filter(n -> n.containsKey("offset"))
                .findFirst()
                .orElseThrow();
        assertThat(slow.stdoutBytes().length + lost + first.getLong("offset") - first.getLong("lost"))
                .isEqualTo(bytes);
    }
}
