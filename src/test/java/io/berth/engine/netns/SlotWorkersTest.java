package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.GroupId;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotWorkersTest {

    @TempDir
    Path directory;

    @Test
    void goesOnWhenTheHostHasNoThreadToSpare() {
        GroupNetwork group = group("g", "10.64.0.0/29");
        try (Slots slots = new Slots(exhausted(), directory, new Names("0a1b2c"), directory, directory);
                SlotWorkers workers = new SlotWorkers(() -> List.of(group), slots)) {
            for (int tries = 0; tries < 2; tries++) {
                var promise = group.take();
                workers.makeNow();
                assertThatThrownBy(() -> promise.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(OutOfMemoryError.class);
            }
        }
    }

    @Test
    void freesTheAddressesOfAGroupAlsoWhenASlotOfAnotherStays() throws IOException {
        GroupNetwork stuck = group("stuck", "10.64.0.0/29");
        GroupNetwork full = group("full", "10.65.0.0/29");
        Names names = new Names("0a1b2c");
        Path pins = Files.createDirectory(directory.resolve("pins"));
        int address = stuck.subnet().gateway() + 1;
        Files.createDirectories(pins.resolve(names.veth(address)).resolve("in the way"));
        stuck.doom(address);
        for (int i = 1; i <= full.subnet().containers(); i++) {
            full.doom(full.subnet().gateway() + i);
        }
        try (Slots slots = new Slots(exhausted(), directory, names, pins, directory);
                SlotWorkers workers = new SlotWorkers(() -> List.of(stuck, full), slots)) {
            var promise = full.take();
            workers.makeNow();
            // only who has an address gets as far as that
            assertThatThrownBy(() -> promise.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(OutOfMemoryError.class);
        }
        assertThat(stuck.shut()).contains(address);
    }

    private GroupNetwork group(String id, String subnet) {
        GroupNetwork group = new GroupNetwork(
                new GroupId(id),
                Ipv4Subnet.parse(subnet),
                new NetworkSettings("10.64.0.0/10", 29, 2, 4, Duration.ofHours(1), false));
        group.activate(directory, "1");
        return group;
    }

    /** What {@code Thread.start} does where no process number is left. */
    private static Syscalls exhausted() {
        return (Syscalls) Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("umount")) {
                        throw new ErrnoException("umount", "EINVAL", "nothing is mounted");
                    }
                    throw new OutOfMemoryError("unable to create native thread");
                });
    }
}
