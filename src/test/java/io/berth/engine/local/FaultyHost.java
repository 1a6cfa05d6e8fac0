package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.common.Subprocess;
import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfigBuilder;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import io.berth.engine.mount.MountTable;
import io.berth.engine.netns.NetworkSettings;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;

/**
 * A host on which steps of a creation fail, with one group that has so few addresses that none may be lost. Knows what a
 * container leaves if its making or removal is not complete.
 */
final class FaultyHost implements AutoCloseable {

    static final GroupId GROUP = new GroupId("faults");

    private static final Duration SOON = Duration.ofSeconds(20);
    /** One namespace at most is kept ready, in a subnet of five containers. */
    private static final NetworkSettings SCARCE =
            new NetworkSettings("10.64.0.0/10", 29, 0, 1, Duration.ofMinutes(5), false);

    final EngineHost host;
    /** All there are here, so that all can be refused. */
    private final ResourceLimits limits;

    private int number;

    FaultyHost(Syscalls syscalls, Optional<Path> runtime, Optional<Path> conmon) throws IOException {
        LocalEngineOptions defaults = LocalEngineOptions.defaults();
        host = new EngineHost(
                syscalls,
                new LocalEngineOptions(
                        runtime.map(Path::toString).orElse(defaults.runtime()),
                        conmon.map(Path::toString).orElse(defaults.conmon()),
                        defaults.init(),
                        SCARCE,
                        defaults.resolvers(),
                        defaults.procRoot(),
                        defaults.sysRoot()));
        Long rate = Set.of("groups", "containers")
                        .contains(host.engine().info().features().get("ioLimits"))
                ? 8L << 20
                : null;
        limits = new ResourceLimits(500L, 256L << 20, 100L, 50L, rate, rate);
        ensureGroup();
    }

    void ensureGroup() {
        engine().ensureGroup(new GroupSpec(GROUP, ResourceLimits.UNLIMITED));
    }

    LocalEngine engine() {
        return host.engine();
    }

    ContainerId next() {
        return new ContainerId("fault-" + ++number + "-x");
    }

    ContainerConfig config(ContainerId id) {
        return ContainerConfigBuilder.of(id, GROUP, List.of("sleep", "1000"))
                .layers(List.of(host.busybox))
                .build()
                .withLimits(limits);
    }

    /** What any host can do on which nothing fails. */
    void createAndDelete() throws IOException {
        createAndDelete(next());
    }

    void createAndDelete(ContainerId id) throws IOException {
        engine().create(config(id));
        engine().start(id);
        engine().delete(id);
        assertNothingIsLeft(id);
    }

    /** Why it failed; empty if it did not. Of one that failed nothing is left. */
    Optional<EngineException> tryToCreate(ContainerId id) throws IOException {
        return tryToCreate(id, config(id));
    }

    Optional<EngineException> tryToCreate(ContainerId id, ContainerConfig config) throws IOException {
        try {
            engine().create(config);
            return Optional.empty();
        } catch (EngineException failed) {
            assertNothingIsLeft(id);
            return Optional.of(failed);
        }
    }

    void assertNothingIsLeft(ContainerId id) throws IOException {
        assertThat(engine().status(id)).isEmpty();
        assertThat(host.layout.containers().resolve(id.value())).doesNotExist();
        for (String place : List.of("c", "rootfs", "net", "oci", "staging")) {
            assertThat(names(host.layout.runDir().resolve(place)))
                    .as(place)
                    .noneMatch(name -> name.contains(id.value()));
        }
        assertThat(MountTable.read().beneath(host.layout.runDir()))
                .noneMatch(mount -> mount.mountPoint().toString().contains(id.value()));
        assertThat(host.cgroups(GROUP + "/" + id)).noneMatch(Files::exists);
        soon().untilAsserted(() -> assertThat(host.processes(id.value())).isEmpty());
        soon().untilAsserted(() -> {
            assertThat(names(host.layout.networkNamespaces())).hasSizeLessThan(2);
            assertThat(devices()).hasSizeLessThan(2);
        });
    }

    static ConditionFactory soon() {
        return await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(SOON);
    }

    /** The host's ends of the group's pairs. */
    List<String> devices() throws IOException {
        return names(Path.of("/sys/class/net")).stream()
                .filter(name -> name.contains(host.layout.instance()))
                .filter(name -> Files.exists(Path.of("/sys/class/net", name, "brport")))
                .toList();
    }

    static List<String> names(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    static String run(String... command) throws IOException {
        return Subprocess.run(Duration.ofSeconds(10), List.of(command))
                .orThrow()
                .stdout();
    }

    @Override
    public void close() throws IOException {
        host.close();
        assertThat(host.traces()).isEmpty();
    }
}
