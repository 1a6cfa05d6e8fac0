package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a network namespace of its own. */
class RouteSocketIT {

    private static final JnrSyscalls SYSCALLS = new JnrSyscalls();
    private static final int GROUP = 0x62000001;

    @TempDir
    Path root;

    private PlayedHost host;
    private RouteSocket socket;

    @BeforeEach
    void open() throws IOException {
        host = new PlayedHost(root);
        socket = new RouteSocket(SYSCALLS, host.namespace());
    }

    @AfterEach
    void close() {
        socket.close();
        host.close();
    }

    @Test
    void actsOnThatNamespaceAlone() throws IOException {
        socket.run(List.of(RouteMessage.linkGroup("out0", 77)));
        assertThat(host.run("ip", "link", "show", "out0")).contains("group 77");
        assertThat(Path.of("/sys/class/net/out0")).doesNotExist();
    }

    @Test
    void tellsWhatTheKernelSaysAndDoesTheRestAllTheSame() throws IOException {
        assertThatThrownBy(() -> socket.run(List.of(
                        RouteMessage.linkUp("missing0"),
                        RouteMessage.linkUp("absent0"),
                        RouteMessage.linkGroup("out0", 78))))
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.is("ENODEV")).isTrue())
                .hasMessageContaining("turn missing0 on");
        assertThat(host.run("ip", "link", "show", "out0")).contains("group 78");
        assertThatThrownBy(() -> socket.index("missing0")).hasMessageContaining("ENODEV");
        assertThat(Integer.toString(socket.index("out0")))
                .isEqualTo(Files.readString(root.resolve("sys/class/net/out0/ifindex"))
                        .strip());
    }

    @Test
    void makesAndDeletesMoreThanFitIntoOneAnswer() throws IOException {
        host.run("ip", "link", "add", "bridge0", "type", "bridge");
        int bridge = socket.index("bridge0");
        List<RouteMessage> pairs = new ArrayList<>();
        List<RouteMessage> removal = new ArrayList<>();
        List<Process> holders = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                Process holder = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo; exec sleep 600").start();
                holders.add(holder);
                assertThat(holder.inputReader().readLine()).isEmpty();
                pairs.add(RouteMessage.newVeth("pair" + i, bridge, "02:62:00:00:00:0" + i, (int) holder.pid()));
                for (int again = 0; again < 30; again++) {
                    removal.add(RouteMessage.linkGroup("pair" + i, GROUP));
                }
            }
            removal.add(RouteMessage.deleteLinks(GROUP));

            socket.run(pairs);
            assertThat(host.run("ip", "-o", "link", "show", "master", "bridge0"))
                    .hasLineCount(5);
            assertThatThrownBy(() -> socket.run(pairs)).hasMessageContaining("EEXIST");
            socket.run(removal);
            assertThat(host.run("ip", "-o", "link", "show", "master", "bridge0"))
                    .isEmpty();
        } finally {
            holders.forEach(Process::destroyForcibly);
        }
    }

    @Test
    void aNamespaceThatIsNoneIsRefused() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        assertThatThrownBy(() -> new RouteSocket(SYSCALLS, file).index("lo")).hasMessageContaining("EINVAL");
        assertThatThrownBy(() -> new RouteSocket(SYSCALLS, root.resolve("none")).index("lo"))
                .hasMessageContaining("ENOENT");
    }
}
