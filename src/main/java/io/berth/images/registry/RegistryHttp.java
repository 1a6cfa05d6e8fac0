package io.berth.images.registry;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One HTTP exchange at a time, blocking, with an address that {@link RegistryAddresses} has checked. Follows no redirects.
 * Vert.x's client, because it takes the address to connect to and the name to ask for (Host, SNI, certificate)
 * separately.
 */
public final class RegistryHttp implements AutoCloseable {

    private static final int MAX_HEADERS = 32 << 10;
    private static final int MAX_CONNECTIONS = 16;

    private final HttpClient client;
    private final RegistryAddresses addresses;
    private final Duration timeout;

    /** Status, headers, and a body that must be closed. */
    record Response(int status, Map<String, List<String>> headers, InputStream body) implements AutoCloseable {

        Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(h -> h.getKey().equalsIgnoreCase(name))
                    .map(h -> h.getValue().get(0))
                    .findFirst();
        }

        List<String> all(String name) {
            return headers.entrySet().stream()
                    .filter(h -> h.getKey().equalsIgnoreCase(name))
                    .flatMap(h -> h.getValue().stream())
                    .toList();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /** @param timeout to connect, to the first byte of an answer, and between any two */
    public RegistryHttp(Vertx vertx, RegistryAddresses addresses, Duration timeout) {
        this.addresses = addresses;
        this.timeout = timeout;
        this.client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout((int) timeout.toMillis())
                .setSslHandshakeTimeout(timeout.toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) timeout.toMillis() * 2)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxPoolSize(MAX_CONNECTIONS)
                .setVerifyHost(true));
    }

    RegistryAddresses addresses() {
        return addresses;
    }

    /**
     * Sends a request without a body and waits for the headers of the answer. A connection that fails before is tried
     * again, on another address if there is one.
     *
     * @throws BerthException REGISTRY_ADDRESS_REFUSED, REGISTRY_FAILED
     */
    Response send(HttpMethod method, URI uri, Map<String, String> headers) throws InterruptedIOException {
        List<InetAddress> candidates = addresses.addresses(uri);
        Throwable last = null;
        int attempts = Math.max(2, Math.min(3, candidates.size()));
        for (int i = 0; i < attempts; i++) {
            try {
                return sendTo(candidates.get(i % candidates.size()), method, uri, headers);
            } catch (ExecutionException e) {
                last = e.getCause();
            } catch (TimeoutException e) {
                last = e;
                break;
            }
        }
        String reason = last instanceof TimeoutException ? "no answer in time" : Objects.toString(last, "");
        throw new BerthException(
                ErrorCode.REGISTRY_FAILED, "could not reach registry " + uri.getAuthority() + ": " + reason, last);
    }

    private Response sendTo(InetAddress address, HttpMethod method, URI uri, Map<String, String> headers)
            throws InterruptedIOException, ExecutionException, TimeoutException {
        int port = RegistryAddresses.port(uri);
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(RegistryAddresses.host(uri))
                .setPort(port)
                .setSsl(uri.getScheme().equals("https"))
                .setURI(path + query)
                .setFollowRedirects(false);
        headers.forEach(options::putHeader);
        CompletableFuture<Response> answer = new CompletableFuture<>();
        client.request(options)
                .onFailure(answer::completeExceptionally)
                .onSuccess(request -> exchange(request, answer));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            answer.completeExceptionally(e);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the registry");
        } catch (TimeoutException e) {
            answer.completeExceptionally(e);
            throw e;
        }
    }

    private void exchange(HttpClientRequest request, CompletableFuture<Response> answer) {
        // a caller who has gone must not leave a connection behind
        answer.whenComplete((response, failure) -> {
            if (failure != null) {
                request.reset();
            }
        });
        request.send().onFailure(answer::completeExceptionally).onSuccess(response -> {
            BodyStream body = new BodyStream(response, Objects.requireNonNull(Vertx.currentContext()), timeout);
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            response.headers()
                    .names()
                    .forEach(name -> headers.put(name, response.headers().getAll(name)));
            if (!answer.complete(new Response(response.statusCode(), headers, body))) {
                body.close();
            }
        });
    }

    @Override
    public void close() {
        client.close();
    }
}
