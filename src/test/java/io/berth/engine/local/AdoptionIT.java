package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.ExecId;
import io.berth.engine.Exit;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.LogReader;
import io.berth.engine.ProcessStream;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import io.berth.engine.SessionStatus;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An engine opened on what another one left: everything of it is found again, or removed. */
class AdoptionIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final Syscalls SYSCALLS = new JnrSyscalls();

    private final Map<ContainerId, Exit> exits = new ConcurrentHashMap<>();
    private GroupId group;

    @BeforeEach
    void makeGroup() {
        group = group(NONE);
    }

    private void restart() {
        host.restart().onExit(exits::put);
    }

    @Test
    void goesOnWithWhatRuns() throws IOException {
        ContainerConfig config = config(group, limits(), List.of("sh", "-c", "echo begun; exec sleep 1000000"));
        int pid = run(config).pid();
        ContainerStatus before = host.engine().status(config.id()).orElseThrow();
        restart();
        ContainerId id = config.id();
        assertThat(host.engine().list()).containsExactly(id);
        assertThat(host.engine().status(id)).contains(before);
        assertThat(sh(id, "tr '\\0' ' ' < /proc/1/cmdline").stdout()).isEqualTo("sleep 1000000 ");
        assertThat(host.engine().stats(id).memoryLimitBytes()).isEqualTo(limits().memoryBytes());
        assertThat(host.engine().stats(id).networkReceivedBytes()).isNotNegative();
        try (LogReader log = host.engine().logs(id, LogReader.Start.BEGINNING)) {
            await().atMost(SOON).until(() -> !log.next(1).isEmpty());
        }
        assertThat(Path.of("/proc/" + pid)).exists();
        assertThat(host.engine().kill(id).code()).isEqualTo(137);
        await().atMost(SOON).until(() -> exits.containsKey(id));
    }

    @Test
    void goesOnWithWhatIsPaused() {
        ContainerId id = run(group, NONE, SLEEP);
        host.engine().pause(id);
        restart();
        assertThat(host.engine().status(id)).get().isInstanceOf(ContainerStatus.Paused.class);
        host.engine().resume(id);
        assertThat(sh(id, "echo awake").stdout()).isEqualTo("awake\n");
    }

    @Test
    void startsWhatWasOnlyCreated() {
        ContainerConfig config = config(group, NONE, List.of("sh", "-c", "exit 6"));
        create(config);
        restart();
        assertThat(host.engine().status(config.id())).get().isInstanceOf(ContainerStatus.Created.class);
        host.engine().start(config.id());
        assertThat(awaitExit(config.id()).code()).isEqualTo(6);
    }

    @Test
    void hearsOfWhatEndedMeanwhile() throws IOException {
        ContainerId ended = run(group, NONE, List.of("sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; exit 9"));
        ContainerId hungry =
                run(group, memory(), List.of("sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; tail /dev/zero"));
        ContainerId before = run(group, NONE, List.of("sh", "-c", "exit 3"));
        awaitExit(before);
        Path go = Path.of("go");
        host.whileClosed(() -> {
            for (ContainerId id : List.of(ended, hungry)) {
                Files.createFile(host.rootfs(id).resolve(go));
                await().atMost(SOON).until(() -> !host.isMonitored(id));
            }
        });
        host.engine().onExit(exits::put);
        await().atMost(SOON).until(() -> exits.keySet().containsAll(List.of(ended, hungry)));
        assertThat(awaitExit(ended)).extracting(Exit::code, Exit::oomKilled).containsExactly(9, false);
        assertThat(awaitExit(hungry)).extracting(Exit::code, Exit::oomKilled).containsExactly(137, true);
        assertThat(awaitExit(before).code()).isEqualTo(3);
        assertThat(exits).doesNotContainKey(before);
        restart();
        assertThat(awaitExit(ended).code()).isEqualTo(9);
        assertNothingRunsOf(ended);
    }

    @Test
    void goesOnWithTerminalSessions() throws IOException {
        ContainerId id = run(group, NONE, SLEEP);
        ExecId kept = new ExecId("kept");
        ExecId ended = new ExecId("ended");
        ProcessStream before = host.engine().openSession(id, kept, terminal("sh"));
        Received first = new Received();
        before.listen(0, first);
        type(before, "echo o\\ne\n");
        first.awaitStdout("one\r\n");
        host.engine()
                .openSession(id, ended, terminal("sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; exit 5"))
                .close();
        host.whileClosed(() -> {
            Files.createFile(host.rootfs(id).resolve("go"));
            await().atMost(SOON).until(() -> !host.isMonitored(id, ended));
        });
        Received again = new Received();
        try (ProcessStream after = host.engine().attachSession(id, kept)) {
            after.listen(0, again);
            again.awaitStdout("one\r\n");
            type(after, "echo t\\wo\n");
            again.awaitStdout("two\r\n");
        }
        assertThat(again.first()).isZero();
        assertThat(again.losses()).isEmpty();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(host.engine().sessions(id))
                        .filteredOn(session -> session.id().equals(ended))
                        .singleElement()
                        .extracting(SessionStatus::exit)
                        .isNotNull()
                        .extracting(Exit::code)
                        .isEqualTo(5));
    }

    @Test
    void endsExecsThatNobodyHoldsAnyMore() {
        ContainerId id = run(group, NONE, SLEEP);
        host.engine()
                .exec(id, new ExecId("held"), process(List.of("sh", "-c", "sleep 2000 & sleep 3000"), null), false)
                .listen(0, new Received());
        assertThat(sh(id, "sleep 4000 >/dev/null 2>&1 &").code()).isZero();
        await().atMost(SOON).until(() -> commands(id).containsAll(List.of("sleep 2000", "sleep 3000")));
        restart();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(commands(id)).containsExactlyInAnyOrder("sleep 1000000", "sleep 4000"));
    }

    @Test
    void killsWhatHasLostItsMonitor() throws IOException {
        ContainerId lost = run(group, NONE, SLEEP);
        ContainerId other = run(group, NONE, SLEEP);
        ExecId deaf = new ExecId("deaf");
        host.engine()
                .openSession(other, deaf, terminal("sh", "-c", "trap '' HUP; while :; do sleep 1234; done"))
                .close();
        await().atMost(SOON).until(() -> commands(other).contains("sleep 1234"));
        host.whileClosed(() -> {
            host.killMonitor(lost);
            host.killMonitor(other, deaf);
        });
        host.engine().onExit(exits::put);
        await().atMost(SOON).until(() -> exits.containsKey(lost));
        assertThat(awaitExit(lost).code()).isEqualTo(Exit.UNKNOWN_CODE);
        assertNothingRunsOf(lost);
        await().atMost(SOON).untilAsserted(() -> assertThat(commands(other)).containsExactly("sleep 1000000"));
        assertThat(host.engine().sessions(other))
                .singleElement()
                .satisfies(session -> assertThat(session.exit()).isNotNull());
    }

    @Test
    void killsWhatHasLostItsMonitorWhileItLooks() throws IOException {
        host.engine().onExit(exits::put);
        ContainerId lost = run(group, NONE, SLEEP);
        host.killMonitor(lost);
        await().atMost(SOON).until(() -> exits.containsKey(lost));
        assertThat(awaitExit(lost).code()).isEqualTo(Exit.UNKNOWN_CODE);
        assertNothingRunsOf(lost);
    }

    /** Each container as a crash in a step of its creation or removal leaves it. */
    @Test
    void removesWhatIsHalfMadeOrHalfRemoved() throws IOException {
        ContainerId running = run(group, NONE, SLEEP);
        ContainerId unrecorded = run(group, NONE, SLEEP);
        ContainerId forgotten = run(group, NONE, SLEEP);
        ContainerId halfway = run(group, NONE, SLEEP);
        ContainerId empty = new ContainerId("never-whole");
        host.whileClosed(() -> {
            Files.delete(host.layout.containers().resolve(unrecorded.value()).resolve("container.json"));
            Trees.remove(host.layout.containers().resolve(forgotten.value()));
            Files.delete(host.bundle(halfway).resolve("run.json"));
            Files.createDirectories(host.layout.containers().resolve(empty.value()));
            Path stray = Files.createDirectories(host.layout.runDir().resolve("rootfs/stray"));
            SYSCALLS.mount("stray", stray, "tmpfs", Flags.MS_NOSUID, null);
            Files.createDirectories(host.layout.runDir().resolve("c/stray/exit"));
            Files.createDirectories(host.layout.runDir().resolve("oci/stray"));
            for (Path hierarchy : host.cgroups(group.value())) {
                Files.createDirectories(hierarchy.resolve("stray"));
                Files.createDirectories(hierarchy.resolveSibling("no-group").resolve("stray"));
            }
        });
        host.engine().onExit(exits::put);
        assertThat(host.engine().list()).containsExactlyInAnyOrder(running, halfway);
        assertThat(awaitExit(halfway).code()).isEqualTo(Exit.UNKNOWN_CODE);
        assertThat(sh(running, "echo well").stdout()).isEqualTo("well\n");
        for (String gone : List.of(unrecorded.value(), forgotten.value(), empty.value(), "stray")) {
            assertNothingIsLeftOf(gone);
        }
        for (Path hierarchy : host.cgroups("no-group")) {
            assertThat(hierarchy).doesNotExist();
        }
        assertNothingRunsOf(halfway);
        host.engine().delete(halfway);
        assertNothingIsLeftOf(halfway.value());
    }

    @Test
    void leavesAContainerAloneWhoseRecordCannotBeRead() throws IOException {
        ContainerConfig config = config(group, NONE, List.of("sh", "-c", "cat /kept; echo precious > /kept"));
        run(config);
        ContainerId id = config.id();
        awaitExit(id);
        ContainerId unwanted = run(group, NONE, List.of("sh", "-c", "exit 0"));
        awaitExit(unwanted);
        host.whileClosed(() -> {
            for (ContainerId one : List.of(id, unwanted)) { // as a power failure may leave a file
                Files.write(host.layout.containers().resolve(one.value()).resolve("container.json"), new byte[0]);
            }
        });
        assertThat(host.engine().list()).isEmpty();
        assertThat(host.engine().status(id)).isEmpty();
        assertThatThrownBy(() -> host.engine().kill(id)).hasMessageContaining("cannot be read");
        host.engine().ensureGroup(new GroupSpec(group, NONE));
        host.engine().recreate(config);
        host.engine().start(id);
        awaitExit(id);
        try (LogReader log = host.engine().logs(id, LogReader.Start.BEGINNING)) {
            await().atMost(SOON)
                    .until(() -> log.next(9).stream()
                            .anyMatch(line -> new String(line.text(), StandardCharsets.UTF_8).equals("precious")));
        }
        restart();
        assertThat(host.engine().list()).containsExactly(id);
        host.engine().delete(unwanted);
        assertNothingIsLeftOf(unwanted.value());
    }

    @Test
    void choosesNoOtherIdsForAGroupWhoseRecordCannotBeRead() throws IOException {
        ContainerId id = run(group, NONE, SLEEP);
        Path record = host.layout.groups().resolve(group.value()).resolve("group.json");
        byte[] whole = Files.readAllBytes(record);
        host.whileClosed(() -> Files.write(record, new byte[0]));
        try {
            assertThatThrownBy(() -> host.engine().ensureGroup(new GroupSpec(group, NONE)))
                    .hasMessageContaining("not readable");
            assertThatThrownBy(() -> host.engine().ensureGroup(new GroupSpec(new GroupId("another"), NONE)))
                    .hasMessageContaining("not readable");
            assertThat(record).isEmptyFile();
        } finally {
            host.whileClosed(() -> Files.write(record, whole));
        }
        assertThat(sh(id, "echo well").stdout()).isEqualTo("well\n");
        host.engine().removeGroup(new GroupId("another"));
    }

    @Test
    void takesBackALimitThatCannotBeRecorded() throws IOException {
        ContainerId id = run(group, limits(), SLEEP);
        Path inTheWay = Files.createDirectory(
                host.layout.containers().resolve(id.value()).resolve("container.json.new"));
        assertThatThrownBy(() -> host.engine().update(id, memory())).hasMessageContaining("record the limits");
        assertThat(memoryLimit(id)).contains(String.valueOf(limits().memoryBytes()));
        Files.delete(inTheWay);
        host.engine().update(id, memory());
        restart();
        assertThat(memoryLimit(id)).contains(String.valueOf(memory().memoryBytes()));
    }

    @Test
    void startsWithALimitThatTheKernelRefusesAndAnExitThatCannotBeRecorded() throws IOException {
        ContainerId big = run(group, limits(), SLEEP);
        ContainerId ended = run(group, NONE, List.of("sh", "-c", "while [ ! -e /go ]; do sleep 0.05; done; exit 9"));
        Path home = host.layout.containers().resolve(ended.value());
        host.whileClosed(() -> {
            Path record = host.layout.containers().resolve(big.value()).resolve("container.json");
            String small = Files.readString(record)
                    .replace("\"memoryBytes\":" + limits().memoryBytes(), "\"memoryBytes\":4096");
            assertThat(small).contains("4096");
            Files.writeString(record, small);
            Files.createDirectory(home.resolve("exit.json.new"));
            Files.createFile(host.rootfs(ended).resolve("go"));
            await().atMost(SOON).until(() -> !host.isMonitored(ended));
        });
        assertThat(host.engine().list()).contains(big, ended);
        assertThat(host.engine().status(big)).get().isInstanceOf(ContainerStatus.Running.class);
        assertThat(memoryLimit(big)).contains(String.valueOf(limits().memoryBytes()));
        assertThat(awaitExit(ended).code()).isEqualTo(9);
        assertNothingRunsOf(ended);
    }

    private List<String> memoryLimit(ContainerId id) throws IOException {
        return cgroupFiles(group.value() + "/" + id, "memory.limit_in_bytes", "memory.max");
    }

    private void assertNothingRunsOf(ContainerId id) throws IOException {
        await().atMost(SOON).until(() -> !host.isMonitored(id));
        await().atMost(SOON)
                .until(() -> host.cgroups(group.value() + "/" + id).stream().noneMatch(Files::exists));
        assertThat(host.bundle(id)).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(id.value());
    }

    private void assertNothingIsLeftOf(String id) throws IOException {
        await().atMost(SOON).untilAsserted(() -> assertThat(host.processes(id)).isEmpty());
        assertThat(host.cgroups(group.value() + "/" + id)).noneMatch(Files::exists);
        assertThat(MountTable.read().beneath(host.layout.runDir()))
                .noneMatch(mount -> mount.mountPoint().toString().contains(id));
        for (Path directory : List.of(host.layout.containers(), host.layout.runDir())) {
            try (Stream<Path> all = Files.walk(directory, 2)) {
                assertThat(all).noneMatch(path -> path.getFileName().toString().equals(id));
            }
        }
    }

    private static List<String> commands(ContainerId id) {
        return host.engine().processes(id).stream()
                .map(process -> process.command())
                .toList();
    }

    private static ProcessConfig terminal(String... args) {
        return new ProcessConfig(List.of(args), List.of("PATH=/bin"), "/", null, true, null);
    }

    private static void type(ProcessStream stream, String text) {
        stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))
                .toCompletableFuture()
                .join();
    }

    private static ResourceLimits limits() {
        return new ResourceLimits(500L, 64L << 20, 50L, null, null, null);
    }

    private static ResourceLimits memory() {
        return new ResourceLimits(null, 32L << 20, null, null, null, null);
    }
}
