package io.berth.terminal;

import io.berth.api.auth.Principal;
import io.berth.common.Places;
import io.berth.containers.ContainerActivity;
import io.berth.engine.EngineException;
import io.berth.engine.ProcessStream;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The hubs of all processes that have clients, or had some a moment ago. */
@ApplicationScoped
public class StreamHubs {

    private final Vertx vertx;
    private final TerminalConfig config;
    private final ContainerActivity activity;
    private final Map<StreamTarget, CompletableFuture<StreamHub>> hubs = new ConcurrentHashMap<>();
    private final Places places;
    private volatile boolean closing;

    StreamHubs(Vertx vertx, TerminalConfig config, ContainerActivity activity) {
        this.vertx = vertx;
        this.config = config;
        this.activity = activity;
        this.places = new Places(config.clients());
    }

    /** How a client wants to join. @param name what the others are told it is called */
    record Wish(String name, Role role, WhenTaken whenTaken, long since) {}

    /** A client at a hub, until it leaves. @param use of the container, all the while */
    record Place(
            StreamTarget target,
            StreamHub.Seat seat,
            boolean keptByEngine,
            Places.Place share,
            ContainerActivity.Use use) {}

    /**
     * Lets a client in, opening the process's streams if it is the first. May block.
     *
     * @throws StreamRefused {@code TOO_MANY} if the server is full, or who asks has its share
     */
    Place join(StreamSource source, Principal principal, HubClient client, Wish wish) {
        if (closing) {
            throw new StreamRefused(CloseCode.GOING_AWAY, "the server goes down: connect again in a moment");
        }
        Places.Answer answer = places.take(principal.party(source.target().tenant()), principal.credential());
        if (answer instanceof Places.Full full) {
            throw new StreamRefused(CloseCode.TOO_MANY, "streams: " + full.why());
        }
        Places.Place share = (Places.Place) answer;
        ContainerActivity.Use use = activity.begin(source.target().container());
        try {
            return new Place(source.target(), seat(source, client, wish), source.keptByEngine(), share, use);
        } catch (RuntimeException | Error e) {
            use.close();
            share.close();
            throw e;
        }
    }

    private StreamHub.Seat seat(StreamSource source, HubClient client, Wish wish) {
        while (true) {
            CompletableFuture<StreamHub> mine = new CompletableFuture<>();
            CompletableFuture<StreamHub> present = hubs.putIfAbsent(source.target(), mine);
            Optional<StreamHub.Seat> seat = present == null
                    ? open(source, source.connect(), client, wish, mine)
                    : seatAt(source, present, mine, client, wish);
            if (seat.isPresent()) {
                return seat.get();
            }
        }
    }

    /** At the hub that there is, or at one that takes its place; empty if another has done so meanwhile. */
    private Optional<StreamHub.Seat> seatAt(
            StreamSource source,
            CompletableFuture<StreamHub> present,
            CompletableFuture<StreamHub> mine,
            HubClient client,
            Wish wish) {
        StreamHub hub = await(present);
        ProcessStream successor = hub.hasEnded() ? successor(source) : null;
        if (successor == null) {
            Optional<StreamHub.Seat> seat = hub.join(client, wish);
            if (seat.isEmpty()) {
                hubs.remove(source.target(), present);
            }
            return seat;
        }
        if (hubs.replace(source.target(), present, mine)) {
            return open(source, () -> successor, client, wish, mine);
        }
        successor.close();
        return Optional.empty();
    }

    /** The streams of the main process that was started since a hub's has ended; {@code null} if there is none. */
    private static @Nullable ProcessStream successor(StreamSource source) {
        if (source.target().exec() != null) {
            return null;
        }
        try {
            return source.connect().get();
        } catch (EngineException e) {
            if (e.reason() == EngineException.Reason.WRONG_STATE) {
                return null;
            }
            throw e;
        }
    }

    private Optional<StreamHub.Seat> open(
            StreamSource source,
            Supplier<ProcessStream> connect,
            HubClient client,
            Wish wish,
            CompletableFuture<StreamHub> promise) {
        ProcessStream stream = null;
        try {
            stream = connect.get();
            StreamHub hub = new StreamHub(
                    stream, config.replay().asLongValue(), config.clientsPerProcess(), !source.keptByEngine());
            Optional<StreamHub.Seat> seat = hub.join(client, wish);
            hub.start(wish.since());
            promise.complete(hub);
            return seat;
        } catch (RuntimeException | Error e) {
            hubs.remove(source.target(), promise);
            promise.completeExceptionally(e);
            if (stream != null) {
                stream.close();
            }
            throw e;
        }
    }

    private static StreamHub await(CompletableFuture<StreamHub> opening) {
        try {
            return opening.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** The client has gone. */
    void leave(Place place) {
        place.use().close();
        place.share().close();
        if (place.seat().hub().leave(place.seat())) {
            Duration linger = place.keptByEngine() ? config.linger() : config.execLinger();
            vertx.setTimer(
                    Math.max(1, linger.toMillis()), timer -> vertx.executeBlocking(() -> closeIfEmpty(place), false));
        }
    }

    private @Nullable Void closeIfEmpty(Place place) {
        StreamHub hub = place.seat().hub();
        if (hub.close(false)) {
            hubs.computeIfPresent(place.target(), (target, future) -> future.getNow(hub) == hub ? null : future);
        }
        return null;
    }

    /** Before the HTTP server ends, which closes its sockets with 1000, as if the processes had ended. */
    void onStop(@Observes ShutdownDelayInitiatedEvent event) {
        close();
    }

    /** Sends every client away and lets no more in; what runs goes on. */
    void close() {
        closing = true;
        hubs.values().forEach(future -> future.thenAccept(hub -> hub.close(true)));
        hubs.clear();
    }

    /** Clients that have a place. */
    int clients() {
        return places.taken();
    }

    int size() {
        return hubs.size();
    }
}
