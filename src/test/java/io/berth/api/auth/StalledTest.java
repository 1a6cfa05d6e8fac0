package io.berth.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StalledTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Buffer PIECE = Buffer.buffer(new byte[256 << 10]);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicReference<Boolean> cutOff = new AtomicReference<>(false);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Socket ask(String path, int receiveBuffer) throws IOException {
        int port = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        Socket socket = new Socket();
        socket.setReceiveBufferSize(receiveBuffer);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response().setChunked(true);
        Stalled stalled = new Stalled(response, (ConnectionBase) request.connection(), PATIENCE);
        long timer = vertx.setPeriodic(50, id -> {
            if (stalled.isStalled(System.nanoTime())) {
                cutOff.set(true);
                response.reset();
            }
        });
        response.closeHandler(closed -> vertx.cancelTimer(timer));
        if (request.path().equals("/quiet")) {
            response.write("hello");
        } else {
            more(response);
        }
    }

    /** One piece at a time, as logs and downloads are sent. */
    private static void more(HttpServerResponse response) {
        response.write(PIECE).onSuccess(written -> more(response));
    }

    @Test
    void isAClientThatReadsNothing() throws Exception {
        try (Socket socket = ask("/endless", 8 << 10)) {
            await().atMost(Duration.ofSeconds(20)).until(cutOff::get);
            InputStream in = socket.getInputStream();
            await().until(() -> ended(in));
        }
    }

    private static boolean ended(InputStream in) {
        try {
            return in.skip(1 << 20) == 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void isNoClientThatReadsOn() throws Exception {
        try (Socket socket = ask("/endless", 256 << 10)) {
            byte[] some = new byte[256 << 10];
            long end = System.nanoTime() + 3 * PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                assertThat(socket.getInputStream().read(some)).isPositive();
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(cutOff.get()).isFalse();
        }
    }

    @Test
    void isNoClientThatHasReadAllThereIs() throws Exception {
        try (Socket socket = ask("/quiet", 8 << 10)) {
            assertThat(socket.getInputStream().read()).isPositive();
            TimeUnit.MILLISECONDS.sleep(3 * PATIENCE.toMillis());
            assertThat(cutOff.get()).isFalse();
        }
    }
}
