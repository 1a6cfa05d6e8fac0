package io.berth.events;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.berth.engine.EngineException.Reason;
import io.berth.engine.FakeEngine;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told of changes, and that it arrives: in order, once, and all of it. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class EventsIT {

    private static final String EVENTS = "/api/v1/tenants/default/events";

    @Inject
    FakeEngine engine;

    @Inject
    EventLog log;

    @Inject
    EventFeed feed;

    @Inject
    EventRepository repository;

    @Test
    void tellsTheLifeOfAContainer() {
        String id = sleeper();
        String path = CONTAINERS + "/" + id;
        for (String command : List.of("pause", "resume", "stop", "start")) {
            admin().post(path + "/" + command).then().statusCode(200);
        }
        admin().contentType("application/merge-patch+json")
                .body("{\"labels\":{\"a\":\"b\"}}")
                .patch(path)
                .then()
                .statusCode(200);
        admin().delete(path + "?force=true").then().statusCode(204);

        List<String> types = admin().get(EVENTS + "?object=" + id)
                .then()
                .statusCode(200)
                .body("items[0].tenant", equalTo("default"))
                .body("items[0].data.image", equalTo("busybox"))
                .body("items[4].data.exitCode", equalTo(143))
                .extract()
                .path("items.type");
        assertThat(types)
                .containsExactly(
                        "container.created",
                        "container.started",
                        "container.paused",
                        "container.resumed",
                        "container.stopped",
                        "container.started",
                        "container.updated",
                        "container.deleted");
    }

    @Test
    void tellsNothingOfAContainerThatCouldNotBeMade() {
        long before = feed.now();
        for (String step : List.of("create", "start")) {
            engine.failNext(step, Reason.INTERNAL);
            json("{'image':'busybox','command':['sleep','9']}")
                    .post(CONTAINERS)
                    .then()
                    .statusCode(500);
        }
        json("{'image':'busybox','command':['no-such-thing']}")
                .post(CONTAINERS)
                .then()
                .statusCode(422);
        admin().get(EVENTS + "?since=" + before + "&type=container.*").then().body("items", empty());
    }

    @Test
    void tellsExecs() {
        String id = sleeper();
        long before = feed.now();
        json("{'command':['true'],'wait':true}")
                .post(CONTAINERS + "/" + id + "/execs")
                .then()
                .statusCode(200);
        await().untilAsserted(() -> assertThat(admin().get(EVENTS + "?type=exec.*&since=" + before)
                        .then()
                        .extract()
                        .<List<String>>path("items.type"))
                .containsExactly("exec.started", "exec.ended"));
    }

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
    void saysWhenACursorIsTooOldOrIsNone() {
        TenantId tenant = new TenantId("default");
        tell("old.one", "a");
        long cursor = feed.now() - 1;
        for (int i = 0; i < 5; i++) {
            tell("old.more", "b" + i);
        }
        feed.now();
        assertThat(repository.deleteSurplus(2)).isPositive();
        assertThat(repository.horizon(tenant)).isGreaterThan(cursor);
        for (String accept : List.of("application/json", "text/event-stream")) {
            admin().accept(accept)
                    .get(EVENTS + "?since=" + cursor)
                    .then()
                    .statusCode(410)
                    .body("code", equalTo("too-old"));
            admin().accept(accept)
                    .header("Last-Event-ID", "99999999999")
                    .get(EVENTS)
                    .then()
                    .statusCode(400)
                    .body("code", equalTo("invalid-cursor"));
        }
        admin().get(EVENTS + "?since=oldest").then().statusCode(200).body("items.size()", equalTo(2));
        for (String bad : List.of("since=x", "since=-1", "limit=0", "limit=201", "type=%2A", "type=A.b")) {
            admin().get(EVENTS + "?" + bad).then().statusCode(400);
        }
        admin().get("/api/v1/tenants/other/events").then().statusCode(404);
        admin().get("/api/v1/events?since=now").then().statusCode(200).body("items", empty());
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
    void tellsWhatBecomesOfATenantAndForgetsItWithIt() {
        String tenant = "/api/v1/tenants/fleeting";
        json("{'name':'fleeting'}").post("/api/v1/tenants").then().statusCode(201);
        for (String change : List.of("{\"displayName\":\"F\"}", "{\"suspended\":true}", "{\"suspended\":false}")) {
            admin().contentType("application/merge-patch+json")
                    .body(change)
                    .patch(tenant)
                    .then()
                    .statusCode(200);
        }
        json("{'pids':100}").put(tenant + "/quota").then().statusCode(200);
        assertThat(admin().get(tenant + "/events?type=tenant.*")
                        .then()
                        .extract()
                        .<List<String>>path("items.type"))
                .containsExactly("tenant.changed", "tenant.suspended", "tenant.resumed", "tenant.quotaChanged");
        admin().delete(tenant).then().statusCode(202);
        TenantId id = new TenantId("fleeting");
        await().untilAsserted(() -> assertThat(
                        repository.page(new EventFilter(id, Set.of(), Set.of()), 0, Long.MAX_VALUE, 1))
                .isEmpty());
    }

    @Test
    void pagesWithTheSameCursor() {
        String next = Long.toString(feed.now());
        for (int i = 0; i < 5; i++) {
            tell("page.x", "p" + i);
        }
        List<String> objects = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            var page = admin().get(EVENTS + "?type=page.x&limit=2&since=" + next)
                    .then()
                    .statusCode(200);
            objects.addAll(page.extract().path("items.object"));
            next = page.extract().path("next");
        }
        assertThat(objects).containsExactly("p0", "p1", "p2", "p3", "p4");
    }

    @Test
    void dropsAClientThatDoesNotReadAndBoundsWhatItCosts() {
        AtomicBoolean dropped = new AtomicBoolean();
        EventStream stream = feed.open(filter("flood.*"), feed.now(), () -> dropped.set(true));
        List<EventStream.Frame> frames = new ArrayList<>();
        stream.subscribe(new Reader(frames, 3));
        for (int i = 0; i < 10; i++) {
            QuarkusTransaction.requiringNew()
                    .run(() -> log.append(
                            TenantId.DEFAULT, Collections.nCopies(300, new EventDraft("flood.x", "f", Map.of()))));
        }
        await().untilTrue(dropped);
        assertThat(frames).hasSize(3);
        assertThat(stream.queued()).isZero();
        await().until(() -> feed.size() == 0);
    }

    @Test
    void catchesUpAfterAnOverflow() {
        EventStream stream = feed.open(filter("burst.*"), feed.now(), () -> {});
        List<EventStream.Frame> frames = new CopyOnWriteArrayList<>();
        Reader reader = new Reader(frames, 2);
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
        await().untilAsserted(() -> assertThat(
                        frames.stream().filter(f -> f.event() != null).count())
                .isEqualTo(2400));
        assertThat(frames.stream()
                        .filter(f -> f.event() != null)
                        .map(f -> Integer.valueOf(f.event().object())))
                .isSorted()
                .doesNotHaveDuplicates();
        stream.end();
        await().until(() -> feed.size() == 0);
    }

    private static final class Reader implements Flow.Subscriber<EventStream.Frame> {
        private final List<EventStream.Frame> frames;
        private final long first;
        private volatile Flow.@Nullable Subscription subscription;

        Reader(List<EventStream.Frame> frames, long first) {
            this.frames = frames;
            this.first = first;
        }

        void more(long n) {
            Objects.requireNonNull(subscription).request(n);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(first);
        }

        @Override
        public void onNext(EventStream.Frame frame) {
            frames.add(frame);
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onComplete() {}
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
