package io.berth.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ContainerThreadsTest {

    private final ContainerThreads threads = new ContainerThreads();
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void stop() {
        threads.stop();
    }

    @Test
    void aRepairThatIsUnderWayIsNotBegunOnceMore() {
        CountDownLatch goOn = new CountDownLatch(1);
        for (int i = 0; i < 100; i++) {
            threads.repairOnce("mend", () -> {
                runs.incrementAndGet();
                waitFor(goOn);
            });
        }
        threads.repairOnce("mend another", runs::incrementAndGet);
        await().untilAtomic(runs, is(2));
        goOn.countDown();
        await().until(() -> {
            threads.repairOnce("mend", runs::incrementAndGet);
            return runs.get() > 2;
        });
    }

    @Test
    void aRepairThatFailedMayBeTriedAgain() {
        await().until(() -> {
            threads.repairOnce("fail", () -> {
                runs.incrementAndGet();
                throw new IllegalStateException("made to fail");
            });
            return runs.get() >= 3;
        });
        assertThat(runs.get()).isGreaterThanOrEqualTo(3);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
