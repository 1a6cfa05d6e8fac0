package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ProcessStream;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowGateTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean wanted;
    private volatile boolean paused;
    /** Called with the number of the call, before it takes effect. */
    private volatile Consumer<Integer> beforePause = call -> {};

    private final AtomicInteger pauses = new AtomicInteger();
    private final FlowGate gate = new FlowGate(stream(), () -> wanted);

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void carriesOutTheLastDecision() {
        decide(true);
        assertThat(paused).isTrue();
        decide(false);
        assertThat(paused).isFalse();
        decide(false);
        assertThat(pauses).hasValue(1);
    }

    /** The stream would stand for good, since what does not write decides nothing. */
    @Test
    void aPauseThatTakesEffectLateIsTakenBack() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        beforePause = call -> {
            if (call <= 2) {
                await(call == 1 ? first : late);
            }
        };
        Future<?> one = threads.submit(() -> decide(true));
        awaitPauses(1);
        Future<?> two = threads.submit(() -> decide(true));
        awaitPauses(2);
        first.countDown();
        one.get();
        decide(false);
        late.countDown();
        two.get();
        assertThat(paused).isFalse();
    }

    @Test
    void endsAsLastDecidedWhateverTheThreadsDo() throws Exception {
        for (int round = 0; round < 200; round++) {
            CompletableFuture<?>[] all = new CompletableFuture<?>[4];
            for (int i = 0; i < all.length; i++) {
                all[i] = CompletableFuture.runAsync(
                        () -> {
                            for (int times = 0; times < 50; times++) {
                                decide(ThreadLocalRandom.current().nextBoolean());
                            }
                        },
                        threads);
            }
            CompletableFuture.allOf(all).get();
            assertThat(paused).isEqualTo(wanted);
        }
    }

    private void decide(boolean pause) {
        wanted = pause;
        gate.apply();
    }

    private void awaitPauses(int count) {
        while (pauses.get() < count) {
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ProcessStream stream() {
        return (ProcessStream) Proxy.newProxyInstance(
                ProcessStream.class.getClassLoader(),
                new Class<?>[] {ProcessStream.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "pause" -> {
                            beforePause.accept(pauses.incrementAndGet());
                            paused = true;
                        }
                        case "resume" -> paused = false;
                        default -> throw new AssertionError(method);
                    }
                    return null;
                });
    }
}
