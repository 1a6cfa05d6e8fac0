package io.berth.identity;

import io.berth.identity.store.ApiTokenRepository;
import io.berth.identity.store.SessionRepository;
import io.berth.identity.store.UserRepository;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * When tokens, sessions and users were last here. It is stored some seconds later, all in one go: nobody is kept out because it
 * cannot be, as when the disk is full.
 */
@ApplicationScoped
public class LastUses {

    private static final Logger LOG = Logger.getLogger(LastUses.class);
    private static final Duration TOLD = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final ApiTokenRepository tokens;
    private final SessionRepository sessions;
    private final UserRepository users;
    private final Clock clock;
    private final Map<String, Instant> ofTokens = new ConcurrentHashMap<>();
    private final Map<String, Instant> ofSessions = new ConcurrentHashMap<>();
    private final Map<String, Instant> ofUsers = new ConcurrentHashMap<>();
    private Instant told = Instant.EPOCH;

    LastUses(ApiTokenRepository tokens, SessionRepository sessions, UserRepository users, Clock clock) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.users = users;
        this.clock = clock;
    }

    void ofToken(String id) {
        note(ofTokens, id);
    }

    void ofSession(String id) {
        note(ofSessions, id);
    }

    public void ofUser(String id) {
        note(ofUsers, id);
    }

    private void note(Map<String, Instant> uses, String id) {
        if (uses.size() < MOST) {
            uses.put(id, clock.instant());
        }
    }

    @Scheduled(every = "2s", delayed = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void store() {
        store(ofTokens, tokens::used);
        store(ofSessions, sessions::used);
        store(ofUsers, users::seen);
    }

    void onStop(@Observes ShutdownEvent event) {
        store();
    }

    @SuppressWarnings("CatchingUnchecked") // whatever keeps the database from taking it, it is tried again
    private synchronized void store(Map<String, Instant> uses, Consumer<Map<String, Instant>> store) {
        // in one order, so that two servers' updates cannot wait for each other
        Map<String, Instant> batch = new TreeMap<>(uses);
        if (batch.isEmpty()) {
            return;
        }
        try {
            store.accept(batch);
            batch.forEach(uses::remove);
        } catch (RuntimeException e) {
            Instant now = clock.instant();
            if (Duration.between(told, now).compareTo(TOLD) >= 0) {
                told = now;
                LOG.warnf("when credentials were last used cannot be stored now: %s", e.toString());
            }
        }
    }
}
