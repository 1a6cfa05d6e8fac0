package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ContainerConfigBuilder;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.GroupId;
import io.berth.engine.GroupSpec;
import io.berth.engine.ResourceLimits;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.RecordingSyscalls;
import io.berth.testing.KernelTest;
import io.berth.testing.SmallDisk;
import io.berth.testing.SmallDisk.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Each step of setting up a group fails once. What is there of it by then is removed with the group, or completed by the
 * next try.
 */
@KernelTest
class GroupFaultIT {

    private static final int MOST = 50;

    private RecordingSyscalls recording;
    private EngineHost host;
    private String rules;
    private int number;

    @BeforeEach
    void open() throws IOException {
        recording = RecordingSyscalls.of(new JnrSyscalls());
        host = new EngineHost(recording.syscalls(), LocalEngineOptions.defaults());
        GroupId first = next();
        host.engine().ensureGroup(new GroupSpec(first, ResourceLimits.UNLIMITED));
        host.engine().removeGroup(first);
        rules = rules();
    }

    @AfterEach
    void close() throws IOException {
        host.close();
        assertThat(host.traces()).isEmpty();
    }

    @Test
    void isCompletedOrRemovedWhenACallFailed() throws IOException {
        int before = recording.calls().size();
        GroupId sound = next();
        host.engine().ensureGroup(new GroupSpec(sound, ResourceLimits.UNLIMITED));
        List<RecordingSyscalls.Call> made = recording.calls();
        host.engine().removeGroup(sound);
        Map<String, Integer> counts = new TreeMap<>();
        made.subList(before, made.size()).forEach(call -> counts.merge(call.name(), 1, Integer::sum));
        assertThat(counts).containsKey("mount");
        for (Map.Entry<String, Integer> call : counts.entrySet()) {
            for (int others = 0; others < call.getValue(); others++) {
                GroupId removed = next();
                recording.failAfter(others, call.getKey(), "EIO");
                tryToEnsure(removed);
                recording.failNoMore();
                removeAndAssertNothingIsLeft(removed);

                GroupId completed = next();
                recording.failAfter(others, call.getKey(), "EIO");
                tryToEnsure(completed);
                recording.failNoMore();
                assertCompletes(completed);
            }
        }
    }

    @Test
    void isCompletedOrRemovedWhenTheDiskWasFull() throws IOException {
        try (SmallDisk groups = SmallDisk.mount(host.layout.groups())) {
            for (SmallDisk disk : List.of(groups, SmallDisk.at(host.layout.runDir()))) {
                for (Room room : Room.values()) {
                    assertThat(failUntilThereIsRoom(disk, room)).isPositive();
                }
            }
        }
    }

    private int failUntilThereIsRoom(SmallDisk disk, Room room) throws IOException {
        for (int some = 0; some < MOST; some++) {
            GroupId group = next();
            disk.leave(room, some);
            Optional<EngineException> failed = tryToEnsure(group);
            disk.leavePlenty();
            if (failed.isEmpty()) {
                removeAndAssertNothingIsLeft(group);
                return some;
            }
            assertThat(failed.get().reason()).as(failed.get().toString()).isEqualTo(Reason.NO_SPACE);
            if (some % 2 == 0) {
                removeAndAssertNothingIsLeft(group);
            } else {
                assertCompletes(group);
            }
        }
        throw new AssertionError("room for " + MOST + " is not enough");
    }

    @Test
    void isCompletedOrRemovedWhenACgroupCouldNotBeMade() throws IOException {
        for (Path root : host.cgroups("")) {
            if (!Files.exists(root)) {
                continue; // version 2 is not used beside version 1
            }
            GroupId removed = next();
            GroupId completed = next();
            FaultyHost.run("mount", "--bind", root.toString(), root.toString());
            try {
                FaultyHost.run("mount", "-o", "remount,bind,ro", root.toString());
                assertThat(tryToEnsure(removed)).isPresent();
                assertThat(tryToEnsure(completed)).isPresent();
            } finally {
                FaultyHost.run("umount", root.toString());
            }
            removeAndAssertNothingIsLeft(removed);
            assertCompletes(completed);
        }
    }

    private Optional<EngineException> tryToEnsure(GroupId group) {
        try {
            host.engine().ensureGroup(new GroupSpec(group, ResourceLimits.UNLIMITED));
            return Optional.empty();
        } catch (EngineException failed) {
            return Optional.of(failed);
        }
    }

    private void assertCompletes(GroupId group) throws IOException {
        assertThat(tryToEnsure(group)).isEmpty();
        ContainerId id = new ContainerId("fault-" + number + "-x");
        host.engine()
                .create(ContainerConfigBuilder.of(id, group, List.of("true"))
                        .layers(List.of(host.busybox))
                        .build());
        host.engine().delete(id);
        removeAndAssertNothingIsLeft(group);
    }

    private void removeAndAssertNothingIsLeft(GroupId group) throws IOException {
        host.engine().removeGroup(group);
        assertThat(host.engine().groups()).isEmpty();
        assertThat(FaultyHost.names(host.layout.groups())).isEmpty();
        assertThat(host.cgroups(group.value())).noneMatch(Files::exists);
        for (String place : List.of("userns", "netns", "lower", "net")) {
            assertThat(FaultyHost.names(host.layout.runDir().resolve(place)))
                    .as(place)
                    .isEmpty();
        }
        assertThat(FaultyHost.names(Path.of("/sys/class/net")))
                .noneMatch(name -> name.contains(host.layout.instance()));
        Path reservations = host.layout.runDir().resolveSibling("subnets");
        assertThat(FaultyHost.run("sh", "-c", "cat " + reservations + "/* 2>/dev/null || true")) // others come and go
                .doesNotContain(host.layout.instance());
        assertThat(rules()).isEqualTo(rules);
    }

    private String rules() throws IOException {
        String table = "berth_" + host.layout.instance();
        return FaultyHost.run("nft", "list", "table", "inet", table)
                + FaultyHost.run("nft", "list", "table", "bridge", table);
    }

    private GroupId next() {
        return new GroupId("group-" + ++number);
    }
}
