package io.berth.webhooks;

import io.berth.webhooks.DueDelivery.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request, on a connection of its own, to an address that was checked a moment before. Follows no redirects; of the answer only
 * the status counts. Vert.x's client, because it takes the address to connect to and the name to ask for (Host, SNI, certificate) separately.
 */
@ApplicationScoped
class WebhookSender {

    private static final int MAX_HEADERS = 16 << 10;
    private static final int ADDRESSES_TRIED = 2;
    /** What an answer's body may take to arrive, so that a polite receiver can finish writing it. */
    private static final long BODY_MILLIS = 1000;

    private final Vertx vertx;
    private final HttpClient client;
    private final WebhookAddresses addresses;
    private final WebhooksConfig config;
    private final Clock clock;

    WebhookSender(Vertx vertx, WebhookAddresses addresses, WebhooksConfig config, Clock clock) {
        this.vertx = vertx;
        this.addresses = addresses;
        this.config = config;
        this.clock = clock;
        int millis = Math.toIntExact(config.timeout().toMillis());
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setConnectTimeout(millis)
                .setSslHandshakeTimeout(millis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(millis)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxPoolSize(256)
                .setVerifyHost(true));
    }

    /** Blocks until there is an answer, or it has taken too long. */
    Outcome send(URI url, String id, String payload, WebhookSecret secret) throws InterruptedException {
        long begun = System.nanoTime();
        List<InetAddress> candidates;
        try {
            candidates = addresses.permitted(url);
        } catch (UnknownHostException e) {
            return failed(begun, "the host " + WebhookUrl.host(url) + " is unknown");
        }
        if (candidates.isEmpty()) {
            return failed(begun, "the host " + WebhookUrl.host(url) + " has no public address");
        }
        Throwable last = null;
        for (InetAddress address : candidates.subList(0, Math.min(ADDRESSES_TRIED, candidates.size()))) {
            CompletableFuture<Integer> status = new CompletableFuture<>();
            try {
                request(address, url, id, payload, secret, status);
                return answered(begun, status.get(remaining(begun), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return failed(begun, "no answer within " + config.timeout().toMillis() + " ms");
            } catch (ExecutionException e) {
                last = e.getCause();
            } finally {
                status.cancel(false);
            }
        }
        return failed(begun, describe(last));
    }

    private void request(
            InetAddress address,
            URI url,
            String id,
            String payload,
            WebhookSecret secret,
            CompletableFuture<Integer> status) {
        Instant now = clock.instant();
        int port = WebhookUrl.port(url);
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(WebhookUrl.host(url))
                .setPort(port)
                .setSsl(WebhookUrl.isSecure(url))
                .setURI(path + query)
                .setFollowRedirects(false)
                .putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "Berth-Webhooks")
                .putHeader("Webhook-Id", id)
                .putHeader("Webhook-Timestamp", Long.toString(now.getEpochSecond()))
                .putHeader("Webhook-Signature", secret.sign(id, now, payload));
        client.request(options)
                .onFailure(status::completeExceptionally)
                .onSuccess(request -> exchange(request, payload, status));
    }

    private void exchange(HttpClientRequest request, String payload, CompletableFuture<Integer> status) {
        // a sender who has given up must not leave a connection behind
        status.whenComplete((code, failure) -> {
            if (failure != null) {
                request.reset();
            }
        });
        request.send(payload).onFailure(status::completeExceptionally).onSuccess(response -> {
            vertx.setTimer(BODY_MILLIS, timer -> request.reset());
            status.complete(response.statusCode());
        });
    }

    private static Outcome answered(long begun, int code) {
        String error = code >= 200 && code < 300
                ? null
                : code >= 300 && code < 400
                        ? "the receiver answered " + code + ": redirects are not followed"
                        : "the receiver answered " + code;
        return new Outcome(code, millisSince(begun), error);
    }

    private static Outcome failed(long begun, String why) {
        return new Outcome(null, millisSince(begun), why);
    }

    private static String describe(@Nullable Throwable failure) {
        String message = failure == null ? null : failure.getMessage();
        return Objects.requireNonNullElse(message, String.valueOf(failure)).replaceAll("\\p{Cntrl}+", " ");
    }

    private long remaining(long begun) {
        return Math.max(1, config.timeout().toNanos() - (System.nanoTime() - begun));
    }

    private static double millisSince(long begun) {
        return (System.nanoTime() - begun) / 1000 / 1000.0;
    }

    @PreDestroy
    void close() {
        client.close();
    }
}
