package io.berth.api.auth;

import io.berth.common.BerthException;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is being streamed to somebody: WebSockets and answers under way. When a credential is revoked, or lapses and is no
 * longer good, what it opened ends at once.
 */
@ApplicationScoped
public class LiveConnections {

    /** After everyone who remembers credentials has forgotten this one. */
    public static final int AFTER_FORGETTING = 4000;

    private static final Logger LOG = Logger.getLogger(LiveConnections.class);
    private static final int RECENT = 256;

    private final CredentialCheck credentials;
    private final Clock clock;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Deque<CredentialRevoked> recent = new ArrayDeque<>();
    private volatile long revocations;

    public LiveConnections(CredentialCheck credentials, Clock clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /** A connection, until it is closed. */
    public static final class Connection implements AutoCloseable {

        private final Set<Connection> registry;
        private final @Nullable TenantId tenant;
        private final Runnable end;
        private volatile Principal principal;

        private Connection(Set<Connection> registry, Principal principal, @Nullable TenantId tenant, Runnable end) {
            this.registry = registry;
            this.principal = principal;
            this.tenant = tenant;
            this.end = end;
        }

        /** It has ended by itself. */
        @Override
        public void close() {
            registry.remove(this);
        }

        private void revoke() {
            if (registry.remove(this)) {
                end.run();
            }
        }
    }

    /** How many revocations there were. To be asked before the caller is authenticated, for {@link #open}. */
    public long revocations() {
        return revocations;
    }

    /**
     * Remembers a connection.
     *
     * @param tenant where it is active, {@code null} if in none
     * @param seen what {@link #revocations} said before the principal was authenticated: what was revoked since then counts
     * @param end ends it; called at most once, on any thread, and must not block
     */
    public Connection open(Principal principal, @Nullable TenantId tenant, long seen, Runnable end) {
        Connection connection = new Connection(open, principal, tenant, end);
        open.add(connection);
        if (revocations != seen && isRevokedSince(seen, principal, tenant)) {
            Infrastructure.getDefaultWorkerPool().execute(() -> recheck(connection));
        }
        return connection;
    }

    /** How many there are. */
    public int size() {
        return open.size();
    }

    /** Ends what the revocation concerns. */
    public void onRevoked(@Observes @Priority(AFTER_FORGETTING) CredentialRevoked revoked) {
        synchronized (recent) {
            recent.addLast(revoked);
            if (recent.size() > RECENT) {
                recent.removeFirst();
            }
            revocations++;
        }
        for (Connection connection : open) {
            if (revoked.concerns(connection.principal, connection.tenant)) {
                connection.revoke();
            }
        }
    }

    private boolean isRevokedSince(long seen, Principal principal, @Nullable TenantId tenant) {
        synchronized (recent) {
            long missed = revocations - seen;
            if (missed > recent.size()) {
                return true;
            }
            return recent.stream()
                    .skip(recent.size() - missed)
                    .anyMatch(revoked -> revoked.concerns(principal, tenant));
        }
    }

    @Scheduled(every = "5s", delayed = "5s")
    void recheckLapsed() {
        Instant now = clock.instant();
        for (Connection connection : open) {
            Instant until = connection.principal.validUntil();
            if (until != null && !now.isBefore(until)) {
                recheck(connection);
            }
        }
    }

    private static boolean isNoLess(Principal now, Connection connection) {
        TenantId tenant = connection.tenant;
        if (tenant == null) {
            return true;
        }
        Role before = connection.principal.role(tenant).orElse(null);
        return before == null
                || now.role(tenant).filter(role -> role.isAtLeast(before)).isPresent();
    }

    private void recheck(Connection connection) {
        try {
            Optional<Principal> still = credentials.recheck(connection.principal);
            still.filter(principal -> isNoLess(principal, connection))
                    .ifPresentOrElse(principal -> connection.principal = principal, connection::revoke);
        } catch (BerthException e) {
            // the identity provider does not answer: what is open goes on until it does
            LOG.debugf("cannot look again at %s: %s", connection.principal.credential(), e.getMessage());
        }
    }
}
