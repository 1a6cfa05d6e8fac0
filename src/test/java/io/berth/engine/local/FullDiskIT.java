package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.testing.KernelTest;
import io.berth.testing.SmallDisk;
import io.berth.testing.SmallDisk.Room;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The disk is full at each file of a creation once: it has room for none of them, then for one, for two, and so on, until
 * all fit.
 */
@NullUnmarked
@KernelTest
class FullDiskIT {

    private static final int MOST = 100;

    private FaultyHost host;
    private SmallDisk containers;

    @BeforeEach
    void open() throws IOException {
        host = new FaultyHost(new JnrSyscalls(), Optional.empty(), Optional.empty());
        // before the runtime gets its mount namespace
        host.host.whileClosed(() -> containers = SmallDisk.mount(host.host.layout.containers()));
        host.ensureGroup();
        host.createAndDelete();
    }

    @AfterEach
    void close() throws IOException {
        containers.close();
        host.close();
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingWhenTheDataDirectoryIsFull(Room room) throws IOException {
        failUntilThereIsRoom(containers, room);
    }

    @ParameterizedTest
    @EnumSource
    void leavesNothingWhenTheRunDirectoryIsFull(Room room) throws IOException {
        failUntilThereIsRoom(SmallDisk.at(host.host.layout.runDir()), room);
    }

    private void failUntilThereIsRoom(SmallDisk disk, Room room) throws IOException {
        List<String> otherwise = new ArrayList<>();
        for (int some = 0; some < MOST; some++) {
            ContainerId id = host.next();
            disk.leave(room, some);
            Optional<EngineException> failed = host.tryToCreate(id);
            if (failed.isEmpty()) {
                failed = tryToStart(id);
                host.engine().delete(id);
                host.assertNothingIsLeft(id);
            }
            disk.leavePlenty();
            if (failed.isEmpty()) {
                assertThat(some).isGreaterThan(3);
                assertThat(otherwise).isEmpty();
                return;
            }
            // the programs' own complaints have no cause, and do not always tell why
            if (failed.get().reason() != Reason.NO_SPACE && failed.get().getCause() != null) {
                otherwise.add(some + ": " + failed.get() + " / " + failed.get().getCause());
            }
        }
        throw new AssertionError("room for " + MOST + " is not enough");
    }

    private Optional<EngineException> tryToStart(ContainerId id) {
        try {
            host.engine().start(id);
            return Optional.empty();
        } catch (EngineException failed) {
            return Optional.of(failed);
        }
    }
}
