package io.berth.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedLocksTest {

    private final KeyedLocks<String> locks = new KeyedLocks<>();
    private int unsafeCounter;

    @Test
    void letsOneAtATimeHoldAKeyAndKeepsNothingAfterwards() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> count = () -> {
                for (int i = 0; i < 1000; i++) {
                    try (KeyedLocks.Held held = locks.lock("key")) {
                        unsafeCounter++;
                    }
                }
                return null;
            };
            List<Future<Void>> all = executor.invokeAll(
                    IntStream.range(0, 4).mapToObj(i -> count).toList());
            for (Future<Void> one : all) {
                one.get();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(unsafeCounter).isEqualTo(4000);
        assertThat(locks.size()).isZero();
    }

    @Test
    void mayBeTakenAgainByItsHolder() {
        try (KeyedLocks.Held outer = locks.lock("key");
                KeyedLocks.Held inner = locks.lock("key")) {
            assertThat(locks.size()).isOne();
        }
        assertThat(locks.size()).isZero();
    }

    @Test
    void isWaitedForAWhile() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            try (KeyedLocks.Held held = locks.lock("key")) {
                assertThat(other.submit(() -> locks.tryLock("key", Duration.ofMillis(5))
                                        .isEmpty())
                                .get())
                        .isTrue();
                assertThat(locks.size()).isOne();
            }
            assertThat(other.submit(() ->
                                    locks.tryLock("key", Duration.ofSeconds(9)).isPresent())
                            .get())
                    .isTrue();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void canBeTriedWithoutWaiting() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (KeyedLocks.Held held = locks.lock("key")) {
            assertThat(other.submit(() -> locks.tryLock("key").isEmpty()).get()).isTrue();
            assertThat(other.submit(() -> take("another")).get()).isTrue();
        } finally {
            other.shutdownNow();
        }
        assertThat(take("key")).isTrue();
        assertThat(locks.size()).isZero();
    }

    private boolean take(String key) {
        Optional<KeyedLocks.Held> taken = locks.tryLock(key);
        taken.ifPresent(KeyedLocks.Held::close);
        return taken.isPresent();
    }
}
