package io.berth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.api.auth.Subject;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Ids;
import io.berth.tenants.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditWriterTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    /** A chain in memory that can be made to fail, before or after it has taken a batch. */
    private static final class MemoryChain implements AuditChain {
        private final List<AuditEntry> entries = new ArrayList<>();
        private volatile boolean down;
        private volatile boolean losesAnswers;

        @Override
        public synchronized ChainHead append(List<AuditEntry> batch, boolean perhapsThere) {
            if (down) {
                throw new IllegalStateException("down");
            }
            for (AuditEntry entry : batch) {
                boolean there = entries.stream().anyMatch(e -> e.id().equals(entry.id()));
                assertThat(there && !perhapsThere).isFalse();
                if (!there) {
                    entries.add(entry);
                }
            }
            if (losesAnswers) {
                losesAnswers = false;
                throw new IllegalStateException("the connection broke after the commit");
            }
            return new ChainHead(entries.size(), new byte[32]);
        }

        synchronized List<AuditEntry> entries() {
            return List.copyOf(entries);
        }
    }

    private AuditWriter open(AuditChain chain, int queue) throws Exception {
        AuditJournal.Leftover leftover = AuditJournal.read(directory);
        return new AuditWriter(AuditJournal.open(directory), leftover, chain, queue);
    }

    private static AuditEntry entry(String name) {
        return new AuditEntry(
                Ids.next("aud"),
                Instant.now(),
                new AuditEntry.Actor(Subject.token("tok_1", "ci"), "tok_1", "192.0.2.1", "curl"),
                new TenantId("acme"),
                "createContainer",
                new AuditEntry.Target("container", null, name),
                AuditEntry.Result.SUCCESS,
                "req_1",
                Map.of("role", "writer"));
    }

    @Test
    void carriesEveryEntryOfManyThreadsIntoTheChainOnce() throws Exception {
        MemoryChain chain = new MemoryChain();
        int threads = 8;
        int each = 500;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try (AuditWriter writer = open(chain, 100_000)) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(executor.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        AuditEntry entry = entry("c" + i);
                        writer.begin(entry);
                        writer.finish(entry);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            writer.onDisk().toCompletableFuture().get(20, TimeUnit.SECONDS);
            assertThat(writer.flush(PATIENCE)).isTrue();
        } finally {
            executor.shutdownNow();
        }
        assertThat(chain.entries()).hasSize(threads * each).doesNotHaveDuplicates();
        // several segments were filled, and the old ones are gone
        assertThat(directory.toFile().list()).hasSizeLessThanOrEqualTo(3);
    }

    @Test
    void tellsAfterACrashWhatWasBegunAndWhatWasOver() throws Exception {
        MemoryChain down = new MemoryChain();
        down.down = true;
        AuditEntry over = entry("over");
        AuditEntry begun = entry("begun");
        // as after a kill: nothing is closed in good order before the next one reads
        AuditWriter killed = open(down, 1000);
        killed.begin(over);
        killed.begin(begun).toCompletableFuture().get(20, TimeUnit.SECONDS);
        killed.finish(over);
        MemoryChain chain = new MemoryChain();
        try (AuditWriter next = open(chain, 1000)) {
            assertThat(next.flush(PATIENCE)).isTrue();
        } finally {
            killed.close();
        }
        assertThat(chain.entries()).hasSize(2);
        assertThat(chain.entries().get(0)).isEqualTo(over);
        assertThat(chain.entries().get(1)).isEqualTo(begun.withResult(AuditEntry.Result.UNKNOWN));
    }

    @Test
    void isNotConfusedByALineThatWasCutOffOrDamaged() throws Exception {
        MemoryChain down = new MemoryChain();
        down.down = true;
        try (AuditWriter writer = open(down, 1000)) {
            writer.finish(entry("first"));
            writer.finish(entry("second"));
        }
        Path segment = Files.list(directory)
                .filter(file -> file.getFileName().toString().startsWith("journal-"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[30] ^= 1;
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        Files.write(segment, java.util.Arrays.copyOf(bytes, end));
        Files.writeString(segment, "0123abcd {\"kind\":\"beg", StandardOpenOption.APPEND);
        AuditJournal.Leftover leftover = AuditJournal.read(directory);
        assertThat(leftover.damaged()).isEqualTo(1);
        assertThat(leftover.ended()).extracting(entry -> entry.object().name()).containsExactly("second");
    }

    @Test
    void refusesToBeginWhenTheDatabaseTakesNothing() throws Exception {
        MemoryChain chain = new MemoryChain();
        chain.down = true;
        try (AuditWriter writer = open(chain, 10)) {
            for (int i = 0; i < 10; i++) {
                AuditEntry entry = entry("c" + i);
                writer.begin(entry);
                writer.finish(entry);
            }
            assertThatThrownBy(() -> writer.begin(entry("one-more")))
                    .isInstanceOfSatisfying(
                            BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
            chain.down = false;
            assertThat(writer.flush(PATIENCE)).isTrue();
            writer.begin(entry("again"));
        }
        assertThat(chain.entries()).hasSize(10);
    }

    @Test
    void appendsOnceThoughTheAnswerOfTheDatabaseWasLost() throws Exception {
        MemoryChain chain = new MemoryChain();
        chain.losesAnswers = true;
        try (AuditWriter writer = open(chain, 100)) {
            writer.finish(entry("a"));
            assertThat(writer.flush(PATIENCE)).isTrue();
        }
        assertThat(chain.entries()).hasSize(1);
    }

    @Test
    void refusesToBeginWhenTheJournalCannotBeWritten() throws Exception {
        MemoryChain chain = new MemoryChain();
        AuditWriter writer = open(chain, 100);
        writer.close();
        assertThatThrownBy(() -> writer.begin(entry("late"))).isInstanceOf(BerthException.class);
    }

    @Test
    void keepsWhatIsUnderWayWhenItChangesSegments() throws Exception {
        MemoryChain chain = new MemoryChain();
        AuditEntry slow = entry("slow");
        CountDownLatch many = new CountDownLatch(1);
        try (AuditWriter writer = open(chain, 100_000)) {
            writer.begin(slow).toCompletableFuture().get(20, TimeUnit.SECONDS);
            for (int i = 0; i < 4000; i++) {
                writer.finish(entry("c" + i));
            }
            assertThat(writer.flush(PATIENCE)).isTrue();
            writer.onDisk().thenRun(many::countDown);
            assertThat(many.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(AuditJournal.read(directory).open()).containsOnlyKeys(slow.id());
    }

    @Test
    void leavesNothingToReadWhenAllIsInTheChain() throws Exception {
        MemoryChain chain = new MemoryChain();
        try (AuditWriter writer = open(chain, 1000)) {
            for (int i = 0; i < 100; i++) {
                writer.finish(entry("c" + i));
            }
            assertThat(writer.flush(PATIENCE)).isTrue();
        }
        AuditJournal.Leftover left = AuditJournal.read(directory);
        assertThat(left.ended()).isEmpty();
        assertThat(left.open()).isEmpty();
        assertThat(left.head()).isNotNull().extracting(ChainHead::seq).isEqualTo(100L);
        assertThat(directory.toFile().list((parent, name) -> name.startsWith("journal-")))
                .hasSize(1);
    }

    @Test
    void boundsAndCleansWhatClientsSend() {
        AuditEntry.Actor actor = new AuditEntry.Actor(null, null, "::1", "a\nforged line " + "x".repeat(1000));
        assertThat(actor.userAgent()).hasSize(200).startsWith("a?forged").endsWith("…");
    }
}
