package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignalThreadsTest {

    private static final GroupId BUSY = new GroupId("busy");
    private static final GroupId OTHER = new GroupId("other");

    private final SignalThreads threads = new SignalThreads();
    private final List<Integer> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);

    @AfterEach
    void close() {
        held.countDown();
        threads.close();
    }

    @Test
    void keepsNoGroupWaitingForAnother() {
        for (int i = 0; i < 100; i++) {
            threads.execute(BUSY, this::hold);
        }
        threads.execute(OTHER, () -> done.add(1));
        await().untilAsserted(() -> assertThat(done).containsExactly(1));
    }

    @Test
    void keepsTheOrderOfAGroupWhateverFails() {
        threads.execute(BUSY, this::hold);
        threads.execute(BUSY, () -> {
            throw new IllegalStateException("made to fail");
        });
        List<Integer> numbers = IntStream.range(0, 50).boxed().toList();
        numbers.forEach(number -> threads.execute(BUSY, () -> done.add(number)));
        held.countDown();
        await().untilAsserted(() -> assertThat(done).isEqualTo(numbers));
    }

    @Test
    void takesNoMoreOfAGroupThanItMayHaveWaiting() {
        for (int i = 0; i < SignalThreads.MOST_OF_A_GROUP; i++) {
            threads.accept(BUSY);
        }
        assertThatThrownBy(() -> threads.accept(BUSY))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.BUSY));
        threads.accept(OTHER);
        threads.done(BUSY);
        threads.accept(BUSY);
    }

    private void hold() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
