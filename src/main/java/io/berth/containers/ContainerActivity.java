package io.berth.containers;

import io.berth.engine.ContainerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * When each container was last used, as far as its idle timeout goes. Use is an exec on pipes that runs, opening a terminal session, a
 * stream that a client has open, a request for files, and being started, restarted or resumed by a request; looking at a container is
 * none, nor is what it does by itself.
 *
 * <p>In memory only: a note costs no more than that, and after a restart of the server counting begins anew. There is an entry for each
 * container with an idle timeout that runs, and one for each in use.
 */
@ApplicationScoped
public class ContainerActivity {

    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Clock clock;
    private final Map<ContainerId, Integer> underWay = new ConcurrentHashMap<>();
    private final Map<ContainerId, Idling> followed = new ConcurrentHashMap<>();

    public ContainerActivity(Clock clock) {
        this.clock = clock;
    }

    /** A container with an idle timeout. */
    private static final class Idling {
        private final Duration timeout;
        private volatile Instant since;
        private volatile Instant nextTry = Instant.MIN;
        /** It waits for its restart otherwise, which is no use and begins nothing anew. */
        private volatile boolean running = true;

        Idling(Duration timeout, Instant since) {
            this.timeout = timeout;
            this.since = since;
        }
    }

    /** A use, until it is closed, which is repeatable. */
    public interface Use extends AutoCloseable {
        @Override
        void close();
    }

    /** Notes that it was used just now. Never blocks. */
    public void used(ContainerId container) {
        Idling idling = followed.get(container);
        if (idling != null) {
            idling.since = clock.instant();
        }
    }

    /** Notes that it is used from now on. Never blocks. */
    public Use begin(ContainerId container) {
        underWay.merge(container, 1, Integer::sum);
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                used(container);
                underWay.computeIfPresent(container, (id, uses) -> uses == 1 ? null : uses - 1);
            }
        };
    }

    /** Since when nobody has used it; empty while somebody does, or if it has no idle timeout or does not run. */
    public Optional<Instant> idleSince(ContainerId container) {
        Idling idling = followed.get(container);
        return idling == null || !idling.running || underWay.containsKey(container)
                ? Optional.empty()
                : Optional.of(idling.since);
    }

    /** Takes note of a container's change; the caller holds its lock. */
    void follow(Container container) {
        Duration timeout = container.spec().idleTimeout();
        if (timeout == null) {
            return;
        }
        boolean wanted = container.desired() == DesiredState.RUNNING;
        if (wanted && container.state() == ContainerState.RUNNING) {
            followed.computeIfAbsent(container.id(), id -> new Idling(timeout, clock.instant())).running = true;
        } else if (wanted && container.state().canStart()) {
            @Nullable Idling idling = followed.get(container.id());
            if (idling != null) {
                idling.running = false;
            }
        } else {
            followed.remove(container.id());
        }
    }

    /** It could not be stopped: the next try is half a minute later. */
    void lookLater(ContainerId container) {
        Idling idling = followed.get(container);
        if (idling != null) {
            idling.nextTry = clock.instant().plus(RETRY);
        }
    }

    void forget(ContainerId container) {
        followed.remove(container);
    }

    /** Those whose idle timeout is over. */
    List<ContainerId> idle() {
        return followed.keySet().stream().filter(this::isIdle).toList();
    }

    boolean isIdle(ContainerId container) {
        Idling idling = followed.get(container);
        return idling != null
                && !clock.instant().isBefore(idling.nextTry)
                && idleSince(container)
                        .filter(since -> !since.plus(idling.timeout).isAfter(clock.instant()))
                        .isPresent();
    }
}
