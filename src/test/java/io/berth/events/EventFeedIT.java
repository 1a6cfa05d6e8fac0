package io.berth.events;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.events.store.EventRepository;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What commits arrives: in order, once, and all of it, however slow those are who write and read. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class EventFeedIT {

    private static final String EVENTS = "/api/v1/tenants/default/events";

    @Inject
    EventLog log;

    @Inject
    EventFeed feed;

    @Inject
    EventRepository repository;

    @Test
    void streamsAtOnceAndResumesWhereItWasCutOff() throws Exception {
        String cursor;
        try (SseClient client = new SseClient(EVENTS + "?type=test.*", null)) {
            await().until(() -> !client.lastEventId.isEmpty());
            List<Long> millis = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int number = i;
                long begun = System.nanoTime();
                tell("test.stream", "n" + i);
                await().pollInterval(Duration.ofMillis(1)).until(() -> client.events.size() > number);
                millis.add((System.nanoTime() - begun) / 1_000_000);
            }
            millis.sort(null);
            assertThat(millis.get(10)).isLessThan(100);
            cursor = client.events.get(9).id();
        }
        try (SseClient client = new SseClient(EVENTS + "?type=test.*", cursor)) {
            await().until(() -> client.events.size() == 10);
            assertThat(client.events.get(0).data().get("object").asText()).isEqualTo("n10");
            String quiet = client.lastEventId;
            tell("other.thing", "x");
            await("a filtered stream's cursor moves on").until(() -> !client.lastEventId.equals(quiet));
            assertThat(client.events).hasSize(10);
        }
    }

    @Test
    void losesNothingThatCommitsLate() throws Exception {
        long start = feed.now();
        try (SseClient client = new SseClient(EVENTS + "?type=late.*", Long.toString(start))) {
            CountDownLatch written = new CountDownLatch(1);
            CountDownLatch commit = new CountDownLatch(1);
            Thread slow = new Thread(() -> QuarkusTransaction.requiringNew().run(() -> {
                log.append(TenantId.DEFAULT, "late.first", "a", Map.of());
                written.countDown();
                awaitUninterrupted(commit);
            }));
            slow.start();
            written.await();
            tell("late.second", "b");
            await().until(() -> client.names().contains("late.second"));
            long between = Long.parseLong(client.lastEventId);
            commit.countDown();
            slow.join();
            await().until(() -> client.names().equals(List.of("late.second", "late.first")));
            assertThat(repository.page(filter("late.*"), between, feed.now(), 10))
                    .extracting(Event::type)
                    .containsExactly("late.first");
        }
    }

    @Test
    void keepsEveryReaderWholeWhileManyWrite() throws Exception {
        long start = feed.now();
        int writers = 6;
        int each = 150;
        List<Thread> threads = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            String writer = "w" + w;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    String object = writer + "-" + i;
                    int pause = (object.hashCode() & 7) / 2;
                    QuarkusTransaction.requiringNew().run(() -> {
                        log.append(TenantId.DEFAULT, "hammer.x", object, Map.of());
                        sleep(pause);
                    });
                }
            });
            threads.add(thread);
            thread.start();
        }
        List<List<String>> read = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < 4; r++) {
            List<String> mine = new ArrayList<>();
            read.add(mine);
            int patience = 20 + r * 60;
            Thread reader = new Thread(() -> readInPieces(start, mine, writers * each, patience));
            readers.add(reader);
            reader.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (Thread reader : readers) {
            reader.join(60_000);
        }
        for (List<String> mine : read) {
            assertThat(mine).hasSize(writers * each).doesNotHaveDuplicates();
            for (int w = 0; w < writers; w++) {
                String writer = "w" + w + "-";
                assertThat(mine.stream()
                                .filter(o -> o.startsWith(writer))
                                .map(o -> Integer.valueOf(o.substring(writer.length()))))
                        .isSorted();
            }
        }
    }

    /** Connects again and again after the last event seen. */
    private static void readInPieces(long start, List<String> into, int until, int patience) {
        String cursor = Long.toString(start);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
        while (into.size() < until && System.nanoTime() < deadline) {
            try (SseClient client = new SseClient(EVENTS + "?type=hammer.*", cursor)) {
                sleep(patience);
                List<SseClient.Received> seen = List.copyOf(client.events);
                seen.forEach(event -> into.add(event.data().get("object").asText()));
                cursor = seen.isEmpty() ? cursor : seen.get(seen.size() - 1).id();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void endsWithTheCredentialItWasOpenedWith() throws Exception {
        var made = json("{'name':'reader','role':'viewer'}")
                .post("/api/v1/tenants/default/tokens")
                .then()
                .statusCode(201);
        String token = made.extract().path("token");
        try (SseClient client = new SseClient(EVENTS, null, token)) {
            await().until(() -> !client.lastEventId.isEmpty());
            admin().delete("/api/v1/tenants/default/tokens/" + made.extract().path("id"))
                    .then()
                    .statusCode(204);
            await().atMost(Duration.ofSeconds(2)).until(() -> client.ended);
            await().until(() -> feed.size() == 0);
        }
    }

    @Test
    void dropsAClientThatDoesNotReadAndBoundsWhatItCosts() {
        AtomicBoolean dropped = new AtomicBoolean();
        EventStream stream = feed.open(filter("flood.*"), feed.now(), () -> dropped.set(true));
        FrameReader reader = new FrameReader(3);
        stream.subscribe(reader);
        for (int i = 0; i < 10; i++) {
            QuarkusTransaction.requiringNew()
                    .run(() -> log.append(
                            TenantId.DEFAULT, Collections.nCopies(300, new EventDraft("flood.x", "f", Map.of()))));
        }
        await().untilTrue(dropped);
        assertThat(reader.frames).hasSize(3);
        assertThat(stream.queued()).isZero();
        await().until(() -> feed.size() == 0);
    }

    @Test
    void catchesUpAfterAnOverflow() {
        EventStream stream = feed.open(filter("burst.*"), feed.now(), () -> {});
        FrameReader reader = new FrameReader(2);
        stream.subscribe(reader);
        for (int i = 0; i < 12; i++) {
            EventDraft[] some = new EventDraft[200];
            for (int j = 0; j < 200; j++) {
                some[j] = new EventDraft("burst.x", Integer.toString(i * 200 + j), Map.of());
            }
            QuarkusTransaction.requiringNew().run(() -> log.append(TenantId.DEFAULT, Arrays.asList(some)));
        }
        feed.now();
        reader.more(Long.MAX_VALUE);
        await().until(() -> reader.events().size() == 2400);
        assertThat(reader.events())
                .extracting(event -> Integer.valueOf(event.object()))
                .isSorted()
                .doesNotHaveDuplicates();
        stream.end();
        await().until(() -> feed.size() == 0);
    }

    private void tell(String type, String object) {
        QuarkusTransaction.requiringNew().run(() -> log.append(TenantId.DEFAULT, type, object, Map.of("n", 1)));
    }

    private static EventFilter filter(String type) {
        return new EventFilter(TenantId.DEFAULT, Set.of(type), Set.of());
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
