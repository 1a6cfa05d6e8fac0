package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerConfigBuilder;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.RecordingSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each system call of a creation fails once: the create fails, nothing of it is left, and the next one works. */
class CreateFaultIT {

    private static final GroupId GROUP = new GroupId("faults");
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MOST_CALLS = 12;

    private static RecordingSyscalls recording;
    private static EngineHost host;
    private static int number;

    @BeforeAll
    static void open() throws IOException {
        recording = RecordingSyscalls.of(new JnrSyscalls());
        host = new EngineHost(recording.syscalls(), LocalEngineOptions.defaults());
        host.engine().ensureGroup(new GroupSpec(GROUP, ResourceLimits.UNLIMITED));
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
        assertThat(host.traces()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mount", "open", "openat2", "fchown", "pipe", "spawn", "epollCreate", "pidfdOpen"})
    void leavesNothingWhenACallFails(String call) throws IOException {
        int before = recording.calls(call).size();
        createAndDelete();
        int made = recording.calls(call).size() - before;
        assertThat(made).as("calls of " + call + " in a create").isPositive();
        for (int nth = 1; nth <= Math.min(made, MOST_CALLS); nth++) {
            recording.fail(call, recording.calls(call).size() + nth, "EIO");
            ContainerId id = next();
            try {
                host.engine().create(config(id));
            } catch (EngineException failed) {
                assertThat(host.engine().status(id)).as(call + " " + nth).isEmpty();
            }
            deleteAtTheSecondTry(id); // a failure that the create could do without, or came after it
            assertNothingIsLeft(id);
        }
        recording.fail(call, Integer.MAX_VALUE, "EIO");
        createAndDelete();
    }

    @Test
    void leavesNothingWhenTheRuntimeFails() throws IOException {
        ContainerId id = next();
        ContainerConfig impossible = ContainerConfigBuilder.of(id, GROUP, List.of("/no/such/program"))
                .layers(List.of(host.busybox))
                .build();
        assertThatThrownBy(() -> host.engine().create(impossible)).isInstanceOf(EngineException.class);
        assertNothingIsLeft(id);
    }

    @Test
    void leavesNoSessionWhenItsMonitorCannotBeStarted() throws IOException {
        ContainerId id = next();
        host.engine().create(config(id));
        host.engine().start(id);
        recording.fail("spawn", recording.calls("spawn").size() + 1, "EAGAIN");
        ProcessConfig shell = new ProcessConfig(List.of("sh"), List.of("PATH=/bin"), "/", null, true, null);
        assertThatThrownBy(() -> host.engine().openSession(id, new ExecId("s1"), shell))
                .isInstanceOf(EngineException.class);
        assertThat(host.engine().sessions(id)).isEmpty();
        host.engine().openSession(id, new ExecId("s2"), shell).close();
        host.engine().delete(id);
        assertNothingIsLeft(id);
    }

    private static void deleteAtTheSecondTry(ContainerId id) {
        try {
            host.engine().delete(id);
        } catch (EngineException failed) {
            host.engine().delete(id);
        }
    }

    private static void createAndDelete() throws IOException {
        ContainerId id = next();
        host.engine().create(config(id));
        host.engine().start(id);
        host.engine().delete(id);
        assertNothingIsLeft(id);
    }

    private static void assertNothingIsLeft(ContainerId id) throws IOException {
        assertThat(host.engine().list()).isEmpty();
        assertThat(host.layout.containers().resolve(id.value())).doesNotExist();
        assertThat(host.layout.runDir().resolve("c").resolve(id.value())).doesNotExist();
        assertThat(host.layout.runDir().resolve("rootfs").resolve(id.value())).doesNotExist();
        assertThat(host.layout.runDir().resolve("net").resolve(id.value())).doesNotExist();
        assertThat(host.layout.runDir().resolve("oci").resolve(id.value())).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(id.value());
        await().atMost(SOON).untilAsserted(() -> assertThat(processesOf(id)).isEmpty());
        assertThat(host.cgroups(GROUP + "/" + id)).noneMatch(Files::exists);
    }

    private static List<String> processesOf(ContainerId id) {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(id.value()) && line.contains("conmon"))
                .toList();
    }

    private static ContainerId next() {
        return new ContainerId("fault-" + ++number + "-x");
    }

    private static ContainerConfig config(ContainerId id) {
        return ContainerConfigBuilder.of(id, GROUP, List.of("sleep", "1000"))
                .layers(List.of(host.busybox))
                .build();
    }
}
