package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {

    private static final Duration NEVER = Duration.ofDays(1);

    private final AtomicInteger passes = new AtomicInteger();
    private final AtomicInteger pieces = new AtomicInteger();
    private @Nullable Worker worker;

    @AfterEach
    void close() {
        if (worker != null) {
            worker.close();
            assertThat(worker.hasEnded()).isTrue();
        }
    }

    @Test
    void worksUntilThereIsNoMore() {
        pieces.set(3);
        Worker woken = start(NEVER, NEVER, this::pass);
        woken.wake();
        await().untilAtomic(passes, is(4));
        assertThat(pieces).hasValue(0);
    }

    @Test
    void gathersWhatNobodyWaitsForUntilSomebodyDoes() {
        Worker gathering = start(NEVER, NEVER, this::pass);
        gathering.wakeSoon();
        gathering.wakeSoon();
        await().during(Duration.ofMillis(200)).until(() -> passes.get() == 0);
        gathering.wake();
        await().untilAtomic(passes, is(1));
    }

    @Test
    void looksOnceForAllThatItGathered() {
        Worker gathering = start(Duration.ofMillis(50), NEVER, this::pass);
        gathering.wakeSoon();
        gathering.wakeSoon();
        await().untilAtomic(passes, is(1));
        gathering.wakeSoon();
        await().untilAtomic(passes, is(2));
    }

    @Test
    void looksByItselfOnceInAWhile() {
        start(NEVER, Duration.ofMillis(10), this::pass);
        await().until(() -> passes.get() > 2);
    }

    @Test
    void goesOnAfterAPieceOfWorkThatFailed() {
        Worker failing = start(NEVER, NEVER, () -> {
            if (passes.incrementAndGet() == 1) {
                throw new OutOfMemoryError("made to fail");
            }
            return false;
        });
        failing.wake();
        await().untilAtomic(passes, is(1));
        failing.wake();
        await().untilAtomic(passes, is(2));
    }

    private Worker start(Duration patience, Duration look, BooleanSupplier pass) {
        Worker started = new Worker("test", patience, look, pass);
        started.start();
        worker = started;
        return started;
    }

    private boolean pass() {
        passes.incrementAndGet();
        return pieces.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }
}
