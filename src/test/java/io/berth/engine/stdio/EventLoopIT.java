package io.berth.engine.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import java.io.File;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventLoopIT {

    private final Syscalls syscalls = new JnrSyscalls();
    private EventLoop loop;

    @BeforeEach
    void startLoop() throws Exception {
        loop = new EventLoop(syscalls);
    }

    @AfterEach
    void stopLoop() {
        loop.close();
    }

    @Test
    void runsTasksOnItsOwnThreadInTheirOrder() throws Exception {
        List<Integer> order = new CopyOnWriteArrayList<>();
        loop.run(() -> order.add(1));
        loop.run(() -> order.add(2));

        assertThat(onLoop(() -> Thread.currentThread().getName())).isEqualTo("berth-io");
        assertThat(order).containsExactly(1, 2);
    }

    @Test
    void runsTimersByTheirTimeAndNotByTheirOrder() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> last = new CompletableFuture<>();

        loop.schedule(Duration.ofMillis(60), () -> {
            order.add("late");
            last.complete(null);
        });
        loop.schedule(Duration.ofMillis(5), () -> order.add("early"));

        last.get(10, TimeUnit.SECONDS);
        assertThat(order).containsExactly("early", "late");
    }

    @Test
    void goesOnAfterATaskOrAHandlerFailed() throws Exception {
        Fd[] pipe = syscalls.pipe();
        try (Fd read = pipe[0];
                Fd write = pipe[1]) {
            CompletableFuture<Void> called = new CompletableFuture<>();
            loop.run(() -> loop.register(read, Flags.EPOLLIN, events -> {
                called.complete(null);
                throw new AssertionError("made to fail");
            }));
            loop.run(() -> {
                throw new StackOverflowError("made to fail");
            });
            syscalls.write(write, ByteBuffer.allocateDirect(1));

            called.get(10, TimeUnit.SECONDS);

            assertThat(onLoop(() -> "alive")).isEqualTo("alive");
        }
    }

    @Test
    void refusesRegistrationFromAnotherThread() throws Exception {
        Fd[] pipe = syscalls.pipe();
        try (Fd read = pipe[0];
                Fd write = pipe[1]) {
            assertThat(write.number()).isPositive();
            assertThatThrownBy(() -> loop.register(read, Flags.EPOLLIN, events -> {}))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void closesItsDescriptors() throws Exception {
        onLoop(() -> "started");
        int before = descriptors();
        EventLoop another = new EventLoop(syscalls);

        another.close();

        assertThat(descriptors()).isEqualTo(before);
    }

    private <T> T onLoop(java.util.function.Supplier<T> task) throws Exception {
        return CompletableFuture.supplyAsync(task, loop::run).get(10, TimeUnit.SECONDS);
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }
}
