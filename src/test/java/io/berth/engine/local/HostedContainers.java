package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.ContainerStatus;
import io.berth.engine.CreatedContainer;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.Exit;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import io.berth.testing.KernelTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInfo;

/** Tests of what the kernel does with real containers: a host for the class, groups and containers for each test. */
@KernelTest
abstract class HostedContainers {

    static final Duration SOON = Duration.ofSeconds(30);
    static final List<String> SLEEP = List.of("sleep", "1000000");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static EngineHost host;

    private final List<ContainerId> made = new ArrayList<>();
    private final List<GroupId> groups = new ArrayList<>();

    @BeforeAll
    static void open(TestInfo test) throws IOException {
        host = new EngineHost(WithRuntime.Choice.of(test));
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
        assertThat(host.traces()).isEmpty();
    }

    @AfterEach
    void removeAll() throws IOException {
        made.forEach(host.engine()::delete);
        groups.forEach(host.engine()::removeGroup);
        for (GroupId group : groups) {
            assertThat(host.cgroups(group.value())).noneMatch(Files::exists);
        }
    }

    final GroupId group(ResourceLimits limits) {
        GroupId group = new GroupId("g" + NUMBER.incrementAndGet());
        groups.add(group);
        host.engine().ensureGroup(new GroupSpec(group, limits));
        return group;
    }

    static ContainerConfig config(GroupId group, ResourceLimits limits, List<String> args) {
        return config(group, limits, process(args, null), false, Map.of(), Set.of(), Set.of());
    }

    static ContainerConfig config(
            GroupId group,
            ResourceLimits limits,
            ProcessConfig process,
            boolean readOnly,
            Map<String, Long> tmpfs,
            Set<String> add,
            Set<String> drop) {
        return new ContainerConfig(
                new ContainerId("k" + NUMBER.incrementAndGet()),
                group,
                List.of(host.busybox),
                process,
                false,
                false,
                "kernel",
                limits,
                readOnly,
                tmpfs,
                add,
                drop,
                false,
                1 << 20);
    }

    static ProcessConfig process(List<String> args, @Nullable String user) {
        return new ProcessConfig(args, List.of("PATH=/bin:/probe"), "/", user, false, null);
    }

    final CreatedContainer create(ContainerConfig config) {
        made.add(config.id());
        return host.engine().create(config);
    }

    final CreatedContainer run(ContainerConfig config) {
        CreatedContainer created = create(config);
        host.engine().start(config.id());
        return created;
    }

    final ContainerId run(GroupId group, ResourceLimits limits, List<String> args) {
        ContainerConfig config = config(group, limits, args);
        run(config);
        return config.id();
    }

    /** What a process in the container wrote, and how it ended. */
    record Output(int code, String stdout, String stderr) {}

    static Output exec(ContainerId id, @Nullable String user, String... args) {
        Received received = new Received();
        try (ExecProcess exec = host.engine()
                .exec(id, new ExecId("e" + NUMBER.incrementAndGet()), process(List.of(args), user), false)) {
            exec.listen(0, received);
            Exit exit = exec.exit()
                    .toCompletableFuture()
                    .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                    .join();
            return new Output(exit.code(), received.stdout(), received.stderr());
        }
    }

    static Output sh(ContainerId id, String script) {
        return exec(id, null, "sh", "-c", script);
    }

    static Exit awaitExit(ContainerId id) {
        await().atMost(SOON).until(() -> host.engine().status(id).orElseThrow() instanceof ContainerStatus.Stopped);
        return ((ContainerStatus.Stopped) host.engine().status(id).orElseThrow()).exit();
    }

    /** The contents of these files of a cgroup, of those that its hierarchies have. */
    static List<String> cgroupFiles(String cgroup, String... names) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path hierarchy : host.cgroups(cgroup)) {
            for (String name : names) {
                Path file = hierarchy.resolve(name);
                if (Files.exists(file)) {
                    found.add(Files.readString(file).strip());
                }
            }
        }
        return found;
    }

    /** A field of {@code /proc/<pid>/status}. */
    static String status(int pid, String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow();
    }
}
