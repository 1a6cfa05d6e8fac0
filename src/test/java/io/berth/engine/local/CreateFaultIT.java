package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerConfigBuilder;
import io.berth.engine.ContainerId;
import io.berth.engine.CreatedContainer;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.RecordingSyscalls;
import io.berth.testing.KernelTest;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Each system call of a creation and a start fails once: nothing is left, and the next creation works. What the kernel and
 * the programs refuse by themselves is in the tests beside this one.
 */
@KernelTest
class CreateFaultIT {

    private static final List<String> FAILING = List.of(
            "epollControl",
            "epollCreate",
            "epollWait",
            "fchmod",
            "fchown",
            "fstatat",
            "inNetworkNamespace",
            "mount",
            "mountIdmapped",
            "open",
            "openat2",
            "pidfdOpen",
            "pipe",
            "read",
            "routeSocket",
            "spawn",
            "umount",
            "write");

    /** A child that was started can be waited for, a process that is there be signalled. */
    private static final Set<String> NEVER_FAILING = Set.of("waitpid", "kill", "pidfdSendSignal");

    /** Made by the first creation, and later by one in many. */
    private static final List<String> SELDOM = List.of("enterMountNamespace", "procFileSystem");

    private static final int MOST_CALLS = 16;

    private static RecordingSyscalls recording;
    private static FaultyHost host;

    @BeforeAll
    static void open() throws IOException {
        recording = RecordingSyscalls.of(new JnrSyscalls());
        host = new FaultyHost(recording.syscalls(), Optional.empty(), Optional.empty());
    }

    @AfterAll
    static void close() throws IOException {
        recording.failNoMore();
        host.close();
    }

    @Test
    void knowsEveryCallOfACreation() throws IOException {
        int before = recording.calls().size();
        ContainerId id = host.next();
        host.engine().create(withFreshLayer(id));
        host.engine().start(id);
        int after = recording.calls().size();
        host.engine().delete(id);
        host.assertNothingIsLeft(id);
        Set<String> known = new TreeSet<>(FAILING);
        known.addAll(NEVER_FAILING);
        known.addAll(SELDOM);
        assertThat(recording.calls().subList(before, after).stream().map(RecordingSyscalls.Call::name))
                .isSubsetOf(known);
    }

    @ParameterizedTest
    @FieldSource("FAILING")
    void leavesNothingWhenACallFails(String call) throws IOException {
        int made = callsOfASoundOne(call);
        assertThat(made).as("calls of " + call + " in a creation").isPositive();
        for (int others = 0; others < Math.min(made, MOST_CALLS); others++) {
            recording.failAfter(others, call, "EIO");
            ContainerId id = host.next();
            if (host.tryToCreate(id, withFreshLayer(id)).isEmpty()) {
                startAndDelete(id);
            }
            recording.failNoMore();
        }
        host.createAndDelete();
    }

    /** It was not the creation that made the call, or it could do without: what comes next may fail instead. */
    private static void startAndDelete(ContainerId id) throws IOException {
        try {
            host.engine().start(id);
        } catch (EngineException failed) {
            assertThat(host.engine().status(id)).isPresent();
        }
        FaultyHost.soon().until(() -> host.devices().size() == 2 || !recording.isToFail());
        recording.failNoMore();
        host.engine().delete(id);
        host.assertNothingIsLeft(id);
    }

    @ParameterizedTest
    @FieldSource("SELDOM")
    void leavesNothingWhenTheFirstCallFails(String call) throws IOException {
        RecordingSyscalls fresh = RecordingSyscalls.of(new JnrSyscalls());
        try (FaultyHost beginning = new FaultyHost(fresh.syscalls(), Optional.empty(), Optional.empty())) {
            fresh.failAfter(0, call, "EIO");
            assertThat(beginning.tryToCreate(beginning.next())).isPresent();
            beginning.createAndDelete();
        }
    }

    @Test
    void leavesNothingWhenTheRuntimeFails() throws IOException {
        ContainerId id = host.next();
        ContainerConfig impossible = ContainerConfigBuilder.of(id, FaultyHost.GROUP, List.of("/no/such/program"))
                .layers(List.of(host.host.busybox))
                .build();
        assertThat(host.tryToCreate(id, impossible))
                .hasValueSatisfying(
                        failed -> assertThat(failed.reason()).isEqualTo(EngineException.Reason.COMMAND_NOT_FOUND));
    }

    @Test
    void leavesNoSessionWhenItsMonitorCannotBeStarted() throws IOException {
        ContainerId id = host.next();
        int begun = recording.calls().size();
        CreatedContainer created = host.engine().create(host.config(id));
        host.engine().start(id);
        awaitTheNextSlot(begun, created);
        recording.failAfter(0, "spawn", "EAGAIN");
        ProcessConfig shell = new ProcessConfig(List.of("sh"), List.of("PATH=/bin"), "/", null, true, null);
        assertThatThrownBy(() -> host.engine().openSession(id, new ExecId("s1"), shell))
                .isInstanceOf(EngineException.class);
        assertThat(host.engine().sessions(id)).isEmpty();
        host.engine().openSession(id, new ExecId("s2"), shell).close();
        host.engine().delete(id);
        host.assertNothingIsLeft(id);
    }

    private static int callsOfASoundOne(String call) throws IOException {
        int before = recording.calls(call).size();
        int begun = recording.calls().size();
        ContainerId id = host.next();
        CreatedContainer created = host.engine().create(withFreshLayer(id));
        host.engine().start(id);
        awaitTheNextSlot(begun, created);
        int made = recording.calls(call).size() - before;
        host.engine().delete(id);
        host.assertNothingIsLeft(id);
        return made;
    }

    /**
     * Waits until the slot is made that stands in for the one which a container took. Its namespace is entered twice, and last
     * of all; its device, and that it forwards, can be seen long before, and there may be others' that are just going.
     */
    private static void awaitTheNextSlot(int begun, CreatedContainer container) throws IOException {
        String own = HexFormat.of()
                .formatHex(InetAddress.getByName(container.ipAddress()).getAddress());
        FaultyHost.soon().until(() -> {
            List<RecordingSyscalls.Call> since = recording.calls();
            Map<String, Long> entered = since.subList(begun, since.size()).stream()
                    .filter(call -> call.name().equals("inNetworkNamespace"))
                    .map(call -> String.valueOf(call.arguments().get(0)))
                    .filter(pin -> !pin.endsWith(own))
                    .collect(Collectors.groupingBy(pin -> pin, Collectors.counting()));
            return entered.containsValue(2L);
        });
    }

    /** Each container's has to be mounted. */
    private static ContainerConfig withFreshLayer(ContainerId id) throws IOException {
        List<Path> layers = new ArrayList<>(host.config(id).layers());
        layers.add(Files.createTempDirectory(host.host.layout.layers(), "fresh-"));
        return ContainerConfigBuilder.from(host.config(id)).layers(layers).build();
    }
}
