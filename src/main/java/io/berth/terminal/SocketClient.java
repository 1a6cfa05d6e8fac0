package io.berth.terminal;

import io.berth.api.auth.LiveConnections;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A client on a WebSocket. Everything happens on the socket's event loop, except {@link HubClient}'s calls, which only ask for
 * something to happen there.
 */
final class SocketClient implements HubClient {

    private static final Logger LOG = Logger.getLogger(SocketClient.class);

    /** Output handed to the socket and not yet written to the network. */
    private static final int MOST_IN_FLIGHT = 512 << 10;
    /** Input not yet taken by the process; above it, the socket is not read. */
    private static final int MOST_INPUT = 256 << 10;

    private static final int MOST_REASON = 123;

    private final ServerWebSocket socket;
    private final Vertx vertx;
    private final Context context;
    private final TerminalConfig config;
    private final StreamHubs hubs;
    private final AtomicBoolean drainAsked = new AtomicBoolean();
    private final InputAssembler input;

    private StreamHubs.@Nullable Place place;
    private LiveConnections.@Nullable Connection connection;
    private StreamAudit.@Nullable Visit visit;
    private @Nullable CloseCode closedWith;
    private boolean notices;
    private @Nullable OutputWindow window;
    private boolean closed;
    private boolean inputPaused;
    private boolean draining;
    private int outputInFlight;
    private int inputInFlight;
    private long lastHeard = System.nanoTime();
    private long lastUsed = lastHeard;
    private long timer = -1;

    SocketClient(ServerWebSocket socket, Vertx vertx, TerminalConfig config, StreamHubs hubs) {
        this.socket = socket;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.config = config;
        this.hubs = hubs;
        this.input = new InputAssembler(config.maxMessage().asLongValue());
        socket.closeHandler(closing -> ended());
        socket.exceptionHandler(failure -> failed(failure));
        socket.frameHandler(this::received);
        // nothing is read before the client is let in
        socket.pause();
    }

    /** The client is let in. */
    void begin(StreamDoor.Entrance entrance, AttachRequest request) {
        StreamHubs.Place at = entrance.place();
        if (closed) {
            entrance.connection().close();
            hubs.leave(at);
            entrance.visit().closed(closedWith);
            return;
        }
        place = at;
        connection = entrance.connection();
        visit = entrance.visit();
        notices = request.notices();
        window = request.window() == null ? null : new OutputWindow(request.window());
        input.speak(request.protocol());
        send(ServerMessage.opened());
        if (notices) {
            send(ServerMessage.role(at.seat().role()));
            send(ServerMessage.presence(at.seat().presence()));
        }
        lastHeard = System.nanoTime();
        lastUsed = lastHeard;
        socket.pongHandler(pong -> lastHeard = System.nanoTime());
        long period = config.pingInterval().toMillis();
        long idle = config.idleTimeout().map(d -> d.toMillis() / 2).orElse(period);
        timer = vertx.setPeriodic(Math.max(1, Math.min(period, idle)), id -> check());
        socket.resume();
        drain();
    }

    @Override
    public void outputAvailable() {
        if (drainAsked.compareAndSet(false, true)) {
            context.runOnContext(asked -> {
                drainAsked.set(false);
                drain();
            });
        }
    }

    @Override
    public void becameViewer() {
        context.runOnContext(asked -> {
            if (notices) {
                send(ServerMessage.role(Role.VIEWER));
            }
        });
    }

    @Override
    public void presenceChanged() {
        context.runOnContext(asked -> {
            if (notices && place != null) {
                send(ServerMessage.presence(place.seat().presence()));
            }
        });
    }

    @Override
    public void close(CloseCode code, String reason) {
        context.runOnContext(asked -> closeNow(code, reason));
    }

    /**
     * Sends what there is, as far as the network takes it. A write that is done at once says so before it returns, and the loop
     * goes on by itself: calls that were made from there would be as deep as there are slices.
     */
    private void drain() {
        if (draining) {
            return;
        }
        draining = true;
        try {
            sendOutput();
        } finally {
            draining = false;
        }
    }

    private void sendOutput() {
        StreamHubs.Place at = place;
        while (at != null && !closed && outputInFlight < MOST_IN_FLIGHT && (window == null || window.isOpen())) {
            StreamHub.Delivery delivery = at.seat().next();
            if (delivery == null) {
                finish(at);
                return;
            }
            if (delivery.moved() && notices) {
                send(ServerMessage.position(delivery.slice().offset(), delivery.lost(), delivery.end()));
            }
            int length = delivery.slice().length();
            outputInFlight += length;
            if (window != null) {
                window.sent(delivery.slice().offset(), delivery.slice().end());
            }
            lastUsed = System.nanoTime();
            socket.writeBinaryMessage(ServerMessage.output(delivery.slice())).onComplete(written -> {
                outputInFlight -= length;
                drain();
            });
        }
    }

    private void finish(StreamHubs.Place at) {
        StreamHub.Outcome outcome = at.seat().end();
        if (outcome == null) {
            return;
        }
        if (outcome.exit() != null) {
            send(ServerMessage.status(outcome.exit()));
            closeNow(CloseCode.NORMAL, "");
        } else {
            LOG.errorf(outcome.failure(), "lost the stream of %s", at.target());
            closeNow(CloseCode.INTERNAL, "the connection to the process broke: connect again");
        }
    }

    private void received(WebSocketFrame frame) {
        lastHeard = System.nanoTime();
        if (closed || place == null || frame.isClose() || frame.isPing()) {
            return;
        }
        try {
            ClientMessage message = input.add(frame);
            if (message != null) {
                accept(place.seat(), message);
            }
        } catch (StreamRefused refused) {
            closeNow(refused.code(), refused.reason());
        }
    }

    private void accept(StreamHub.Seat seat, ClientMessage message) {
        lastUsed = lastHeard;
        if (message instanceof ClientMessage.Input bytes) {
            if (!seat.mayWrite()) {
                throw new StreamRefused(
                        CloseCode.POLICY_VIOLATION, "a viewer cannot send input: connect with role=writer");
            }
            write(seat, bytes.bytes());
        } else if (message instanceof ClientMessage.Resize resize) {
            seat.resize(resize.size());
        } else if (message instanceof ClientMessage.CloseInput) {
            seat.closeInput();
        } else if (message instanceof ClientMessage.Acknowledge shown) {
            acknowledge(shown.offset());
        }
    }

    private void acknowledge(long offset) {
        OutputWindow asked = window;
        if (asked == null) {
            throw new StreamRefused(CloseCode.PROTOCOL_ERROR, "connect with window=<bytes> to acknowledge output");
        }
        if (!asked.acknowledge(offset)) {
            throw new StreamRefused(CloseCode.POLICY_VIOLATION, "output was acknowledged that has not been sent");
        }
        drain();
    }

    private void write(StreamHub.Seat seat, Buffer bytes) {
        int length = bytes.length();
        inputInFlight += length;
        // input that the process no longer takes is dropped, as a closed pipe would
        seat.write(bytes.getByteBuf().nioBuffer()).whenComplete((done, failure) -> {
            if (vertx.getOrCreateContext() == context) {
                taken(length);
            } else {
                context.runOnContext(asked -> taken(length));
            }
        });
        if (inputInFlight > MOST_INPUT && !inputPaused) {
            inputPaused = true;
            socket.pause();
        }
    }

    private void taken(int length) {
        inputInFlight -= length;
        if (inputPaused && inputInFlight <= MOST_INPUT / 2) {
            inputPaused = false;
            lastHeard = System.nanoTime();
            socket.resume();
        }
    }

    private void send(Buffer message) {
        if (!closed) {
            socket.writeBinaryMessage(message);
        }
    }

    private void check() {
        long now = System.nanoTime();
        // while its input is held back, nothing can be heard from it
        if (!inputPaused && now - lastHeard > 2 * config.pingInterval().toNanos()) {
            closeNow(CloseCode.IDLE, "no answer to pings");
            return;
        }
        if (config.idleTimeout().isPresent()
                && now - lastUsed > config.idleTimeout().get().toNanos()) {
            closeNow(
                    CloseCode.IDLE,
                    "nothing was sent or received for " + config.idleTimeout().get());
            return;
        }
        if (!closed) {
            socket.writePing(Buffer.buffer());
        }
    }

    /** Closes, once. */
    void closeNow(CloseCode code, String reason) {
        if (!closed) {
            closed = true;
            closedWith = code;
            // the closing handshake has to be read
            socket.resume();
            socket.close(code.value(), cut(reason));
            release();
        }
    }

    /** A close frame holds 123 bytes of reason (RFC 6455, section 5.5). */
    private static String cut(String reason) {
        String ascii = reason.replaceAll("[^\\x20-\\x7E]", "?");
        return ascii.length() <= MOST_REASON ? ascii : ascii.substring(0, MOST_REASON - 3) + "...";
    }

    private void failed(Throwable failure) {
        LOG.debugf(failure, "a WebSocket failed");
    }

    private void ended() {
        closed = true;
        release();
    }

    private void release() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
        if (connection != null) {
            connection.close();
            connection = null;
        }
        StreamHubs.Place at = place;
        if (at != null) {
            place = null;
            hubs.leave(at);
        }
        StreamAudit.Visit over = visit;
        if (over != null) {
            visit = null;
            over.closed(closedWith);
        }
    }
}
