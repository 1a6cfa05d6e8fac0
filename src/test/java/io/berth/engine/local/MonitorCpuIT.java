package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.GroupId;
import io.berth.engine.ProcessStream;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import io.berth.engine.cgroup.Cgroups;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The processes of Berth's own that a container keeps busy are paid for by its group. */
@Isolated("it measures how much of the processors a group gets")
class MonitorCpuIT extends HostedContainers {

    private static final ResourceLimits HALF_A_CORE = new ResourceLimits(500L, null, null, null, null, null);
    private static final int SIGKILL = 9;

    private GroupId group;
    private ContainerId container;

    @BeforeAll
    static void makeTracee() throws IOException {
        RawSyscall.write(host.busybox.resolve("probe/traced"), new byte[] {
            // ptrace(PTRACE_TRACEME, 0, 0, 0)
            0x31,
            (byte) 0xFF,
            0x31,
            (byte) 0xF6,
            0x31,
            (byte) 0xD2,
            0x4D,
            0x31,
            (byte) 0xD2,
            (byte) 0xB8,
            101,
            0,
            0,
            0,
            0x0F,
            0x05,
            // kill(getpid(), SIGWINCH)
            (byte) 0xB8,
            39,
            0,
            0,
            0,
            0x0F,
            0x05,
            (byte) 0x89,
            (byte) 0xC7,
            (byte) 0xBE,
            28,
            0,
            0,
            0,
            (byte) 0xB8,
            62,
            0,
            0,
            0,
            0x0F,
            0x05,
            // for (;;) pause()
            (byte) 0xB8,
            34,
            0,
            0,
            0,
            0x0F,
            0x05,
            (byte) 0xEB,
            (byte) 0xF7
        });
    }

    @BeforeEach
    void runOne() {
        group = group(HALF_A_CORE);
        container = run(group, ResourceLimits.UNLIMITED, SLEEP);
    }

    @Test
    void chargesTheMonitorOfAContainer() throws IOException {
        assertThat(cpuCgroups("--cid " + container)).hasSize(1).allMatch(this::isOfGroup);
        assertThat(host.engine().groupPids(group))
                .as("version 2 counts the monitor")
                .isBetween(1L, 2L);
        assertThat(host.engine().processes(container)).hasSize(1);
    }

    @Test
    void chargesTheMonitorOfASession() throws IOException {
        ProcessConfig shell = new ProcessConfig(List.of("sh"), List.of("PATH=/bin"), "/", null, true, null);
        try (ProcessStream session = host.engine().openSession(container, new ExecId("watched"), shell)) {
            assertThat(cpuCgroups("--cuuid watched")).hasSize(1).allMatch(this::isOfGroup);
            host.engine().signalSession(container, new ExecId("watched"), SIGKILL);
            session.listen(0, new Received());
            session.exit().toCompletableFuture().join();
        }
    }

    @Test
    void boundsTheRuntimeOfAnExecThatMakesItItsTracer() throws Exception {
        ExecId id = new ExecId("traced");
        try (ExecProcess exec = host.engine().exec(container, id, process(List.of("/probe/traced"), null), false)) {
            exec.listen(0, new Received());
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(cpuCgroups(container + "/e/traced.json"))
                            .hasSize(1)
                            .allMatch(this::isOfGroup));
            assertStaysWithinHalfACore();
            exec.signal(SIGKILL);
            assertThat(exec.exit().toCompletableFuture().join().code()).isEqualTo(128 + SIGKILL);
        }
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(host.engine().processes(container)).hasSize(1));
    }

    @Test
    void boundsTheMonitorOfWhatFloodsItsLog() throws Exception {
        ContainerId flood = run(group, ResourceLimits.UNLIMITED, List.of("yes"));
        assertThat(cpuCgroups("--cid " + flood)).hasSize(1).allMatch(this::isOfGroup);
        await().atMost(SOON).until(() -> host.engine().groupStats(group).cpuThrottledNanos() > 0);
        assertStaysWithinHalfACore();
    }

    private void assertStaysWithinHalfACore() throws InterruptedException {
        long before = host.engine().groupStats(group).cpuNanos();
        long begun = System.nanoTime();
        Thread.sleep(2000); // what is measured is time
        long used = host.engine().groupStats(group).cpuNanos() - before;
        assertThat((double) used / (System.nanoTime() - begun)).isLessThan(0.75);
    }

    private boolean isOfGroup(String cgroup) {
        return cgroup.endsWith("/" + group + "/" + Cgroups.MONITORS);
    }

    /** The cgroups, of the hierarchy that bounds processor time, of the host's processes with these arguments. */
    private static List<String> cpuCgroups(String arguments) throws IOException {
        List<String> found = new java.util.ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    if (Files.readString(process.resolve("cmdline"))
                            .replace('\0', ' ')
                            .contains(arguments)) {
                        found.add(cpuCgroup(Files.readString(process.resolve("cgroup"))));
                    }
                } catch (IOException ended) {
                    // it is not the one
                }
            }
        }
        return found;
    }

    private static String cpuCgroup(String membership) {
        return membership
                .lines()
                .map(line -> line.split(":", 3))
                .filter(fields -> List.of(fields[1].split(",")).contains("cpu"))
                .findFirst()
                .orElseGet(() -> membership.lines().findFirst().orElseThrow().split(":", 3))[2];
    }
}
