package io.berth.images.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.Digest;
import io.berth.images.ImageReference;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a registry on loopback that lies and redirects. Names of hosts resolve as the test says. */
@NullUnmarked
class RegistrySessionTest {

    private static final byte[] MANIFEST = bytes("{\"schemaVersion\":2,\"config\":{}}");
    private static final Digest BLOB = Digest.of(bytes("blob"));

    private static Vertx vertx;

    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());
    private HttpServer registry;
    private HttpServer storage;
    private RegistryHttp http;

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void start() throws IOException {
        registry = server();
        storage = server();
        // "inside" is a name for an address that is allowed only by network
        RegistryAddresses addresses = new RegistryAddresses(
                List.of("registry.test:" + port(registry), "storage.test:" + port(storage)),
                List.of(
                        "registry.test",
                        "storage.test",
                        "inside.test",
                        "registry.test:" + port(registry),
                        "storage.test:" + port(storage),
                        "inside.test:" + port(storage)),
                host -> new InetAddress[] {InetAddress.getByAddress(new byte[] {127, 0, 0, 1})});
        http = new RegistryHttp(vertx, addresses, Duration.ofSeconds(5));
    }

    @AfterEach
    void stop() {
        http.close();
        registry.stop(0);
        storage.stop(0);
    }

    @Test
    void checksAManifestAgainstTheDigestAskedFor() throws IOException {
        registry.createContext("/v2/a/b/manifests/", answer(200, MANIFEST));

        assertThat(session().manifest("latest").digest()).isEqualTo(Digest.of(MANIFEST));
        assertThat(session().manifest(Digest.of(MANIFEST).toString()).content()).isEqualTo(MANIFEST);
        fails(() -> session().manifest(BLOB.toString()), ErrorCode.DIGEST_MISMATCH, BLOB.toString());
    }

    @Test
    void checksAManifestAgainstTheDigestStated() {
        registry.createContext("/v2/a/b/manifests/", exchange -> {
            exchange.getResponseHeaders().add("Docker-Content-Digest", BLOB.toString());
            respond(exchange, 200, MANIFEST);
        });

        fails(() -> session().manifest("latest"), ErrorCode.DIGEST_MISMATCH, BLOB.toString());
    }

    @Test
    void getsAnAnonymousTokenWhenAskedForOne() throws IOException {
        AtomicInteger tokens = new AtomicInteger();
        registry.createContext("/v2/a/b/", exchange -> {
            String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            authorizations.add(given);
            if (given.equals("Bearer abc")) {
                respond(exchange, 200, bytes("blob"));
                return;
            }
            exchange.getResponseHeaders()
                    .add(
                            "WWW-Authenticate",
                            "Bearer realm=\"http://storage.test:" + port(storage)
                                    + "/token\",service=\"reg\",scope=\"repository:a/b:pull\"");
            respond(exchange, 401, new byte[0]);
        });
        storage.createContext("/token", exchange -> {
            tokens.incrementAndGet();
            assertThat(exchange.getRequestURI().getQuery()).isEqualTo("service=reg&scope=repository:a/b:pull");
            assertThat(exchange.getRequestHeaders().containsKey("Authorization"))
                    .isFalse();
            respond(exchange, 200, bytes("{\"token\":\"abc\"}"));
        });
        RegistrySession session = session();

        for (int i = 0; i < 3; i++) {
            try (InputStream blob = session.blob(BLOB)) {
                assertThat(blob.readAllBytes()).isEqualTo(bytes("blob"));
            }
        }
        assertThat(tokens).hasValue(1);
    }

    @Test
    void neverTakesTheAuthorizationToAnotherHost() throws IOException {
        registry.createContext("/v2/a/b/", exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"r\"");
                respond(exchange, 401, new byte[0]);
                return;
            }
            exchange.getResponseHeaders().add("Location", "http://storage.test:" + port(storage) + "/blob?signature=x");
            respond(exchange, 307, new byte[0]);
        });
        storage.createContext("/blob", exchange -> {
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            respond(exchange, 200, bytes("blob"));
        });
        RegistrySession session = new RegistrySession(http, reference(), new Credentials("me", "secret"));

        try (InputStream blob = session.blob(BLOB)) {
            assertThat(blob.readAllBytes()).isEqualTo(bytes("blob"));
        }
        assertThat(authorizations).containsExactly("null");
    }

    @Test
    void doesNotFollowARedirectOrARealmInside() {
        registry.createContext("/v2/a/b/blobs/", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://inside.test:" + port(storage) + "/");
            respond(exchange, 302, new byte[0]);
        });
        registry.createContext("/v2/a/b/manifests/", exchange -> {
            exchange.getResponseHeaders()
                    .add("WWW-Authenticate", "Bearer realm=\"http://inside.test:" + port(storage) + "/token\"");
            respond(exchange, 401, new byte[0]);
        });
        storage.createContext("/", exchange -> {
            authorizations.add("reached");
            respond(exchange, 200, new byte[0]);
        });

        fails(() -> session().blob(BLOB), ErrorCode.REGISTRY_ADDRESS_REFUSED, "inside.test");
        fails(() -> session().manifest("x"), ErrorCode.REGISTRY_ADDRESS_REFUSED, "inside.test");
        assertThat(authorizations).isEmpty();
    }

    @Test
    void givesUpOnEndlessRedirects() {
        registry.createContext("/v2/", exchange -> {
            exchange.getResponseHeaders()
                    .add("Location", exchange.getRequestURI().toString());
            respond(exchange, 302, new byte[0]);
        });

        fails(() -> session().blob(BLOB), ErrorCode.REGISTRY_FAILED, "redirects more than");
    }

    @Test
    void explainsWhatTheRegistryDoesNotGive() {
        registry.createContext("/v2/a/b/manifests/gone", answer(404, new byte[0]));
        registry.createContext("/v2/a/b/manifests/denied", answer(403, new byte[0]));
        registry.createContext("/v2/a/b/manifests/secret", answer(401, new byte[0]));
        registry.createContext("/v2/a/b/manifests/limit", answer(429, new byte[0]));
        registry.createContext("/v2/a/b/manifests/broken", answer(500, new byte[0]));
        registry.createContext("/v2/a/b/manifests/huge", answer(200, new byte[(4 << 20) + 1]));

        fails(() -> session().manifest("gone"), ErrorCode.IMAGE_NOT_FOUND, "gone of a/b: check its name and tag");
        fails(() -> session().manifest("denied"), ErrorCode.IMAGE_NOT_FOUND, "needs credentials");
        fails(() -> session().manifest("limit"), ErrorCode.REGISTRY_FAILED, "429");
        fails(() -> session().manifest("broken"), ErrorCode.REGISTRY_FAILED, "500");
        fails(() -> session().manifest("huge"), ErrorCode.INVALID_IMAGE, "longer than");
    }

    @Test
    void streamsBigBodiesWithoutKeepingThem() throws IOException {
        byte[] chunk = new byte[1 << 20];
        registry.createContext("/v2/a/b/blobs/", exchange -> {
            exchange.sendResponseHeaders(200, 64L << 20);
            try (var body = exchange.getResponseBody()) {
                for (int i = 0; i < 64; i++) {
                    body.write(chunk);
                }
            }
        });

        try (InputStream blob = session().blob(BLOB)) {
            assertThat(blob.skip(1000)).isEqualTo(1000);
            assertThat(blob.transferTo(OutputStream.nullOutputStream())).isEqualTo((64L << 20) - 1000);
        }
    }

    @Test
    void saysWhenABodyBreaksOff() throws IOException {
        registry.createContext("/v2/a/b/blobs/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(1);
            exchange.close();
        });

        // whether the end comes before the head of the response is handled, or after, is up to the network
        assertThatThrownBy(() -> {
                    try (InputStream blob = session().blob(BLOB)) {
                        blob.readAllBytes();
                    }
                })
                .isInstanceOfAny(IOException.class, BerthException.class);
    }

    private RegistrySession session() {
        return new RegistrySession(http, reference(), null);
    }

    private ImageReference reference() {
        return ImageReference.parse("registry.test:" + port(registry) + "/a/b:latest");
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        return server;
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private static HttpHandler answer(int status, byte[] body) {
        return exchange -> respond(exchange, status, body);
    }

    private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private static void fails(ThrowingCallable call, ErrorCode code, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
