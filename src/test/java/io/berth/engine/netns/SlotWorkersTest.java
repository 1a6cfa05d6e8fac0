package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.GroupId;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.lang.reflect.Proxy;
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
        GroupNetwork group = new GroupNetwork(
                new GroupId("g"),
                Ipv4Subnet.parse("10.64.0.0/29"),
                new NetworkSettings("10.64.0.0/10", 29, 2, 4, Duration.ofHours(1), false));
        group.activate(directory, "1");
        try (Slots slots = new Slots(exhausted(), directory, new Names("0a1b2c"), directory, directory);
                SlotWorkers workers = new SlotWorkers(() -> List.of(group), slots)) {
            for (int tries = 0; tries < 2; tries++) {
                var promise = group.take();
                workers.makeNow();
                assertThatThrownBy(() -> promise.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(OutOfMemoryError.class);
            }
        }
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
