package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that create containers, run commands in them and delete half of them, and remember what was acknowledged. */
final class Load implements AutoCloseable {

    private static final Duration SOON = Duration.ofSeconds(60);

    /** Acknowledged containers, by the key that their creation was asked for with. */
    final Map<String, String> created = new ConcurrentHashMap<>();

    final Set<String> operations = ConcurrentHashMap.newKeySet();
    final Set<String> deleting = ConcurrentHashMap.newKeySet();
    final Set<String> deleted = ConcurrentHashMap.newKeySet();

    private final Client client;
    private final ExecutorService clients;
    private final AtomicInteger rounds = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    Load(Client client, int clients) {
        this.client = client;
        this.clients = Executors.newFixedThreadPool(clients);
        for (int i = 0; i < clients; i++) {
            this.clients.execute(this::work);
        }
    }

    void awaitRounds(int number) {
        await().atMost(SOON).until(() -> rounds.get() >= number || !failures.isEmpty());
    }

    /** From now on a request may fail. */
    void expectTheEnd() {
        assertThat(failures).isEmpty();
        ending = true;
    }

    private void work() {
        try {
            while (true) {
                round(rounds.incrementAndGet());
            }
        } catch (Exception | AssertionError e) {
            if (!ending) {
                failures.add(e);
            }
        }
    }

    private void round(int number) {
        String key = "load-" + number;
        String body = "{'image':'busybox','command':['sleep','1000']}";
        if (number % 4 == 0) {
            Response accepted = client.json(body)
                    .header("Prefer", "respond-async")
                    .post(CONTAINERS)
                    .then()
                    .statusCode(202)
                    .extract()
                    .response();
            operations.add(accepted.path("id"));
            return;
        }
        String id = client.json(body)
                .header("Idempotency-Key", key)
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        created.put(key, id);
        assertThat(client.exec(id, "echo " + number)).isEqualTo(number + "\n");
        if (number % 2 == 0) {
            deleting.add(id);
            client.request().delete(path(id) + "?force=true").then().statusCode(204);
            deleted.add(id);
        }
    }

    @Override
    public void close() {
        ending = true;
        clients.shutdownNow();
        try {
            assertThat(clients.awaitTermination(SOON.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
