package io.berth.webhooks;

import io.berth.common.AddressPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Which addresses webhooks may go to. */
@ApplicationScoped
class WebhookAddresses {

    private static final long PATIENCE_SECONDS = 2;
    private static final int LOOKUPS = 8;

    private final AddressPolicy policy;
    /** A name service that does not answer must cost a client of the API no more than the patience above. */
    private final ExecutorService lookups =
            new ThreadPoolExecutor(0, LOOKUPS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "webhook-lookup");
                thread.setDaemon(true);
                return thread;
            });

    WebhookAddresses(WebhooksConfig config) {
        this.policy = new AddressPolicy(config.allowedPrivateAddresses().orElse(List.of()), InetAddress::getAllByName);
    }

    /**
     * The addresses that may be connected to now; empty if none may. Blocks for the name service.
     *
     * @throws UnknownHostException if the name has no address
     */
    List<InetAddress> permitted(URI url) throws UnknownHostException {
        return policy.permitted(WebhookUrl.host(url), WebhookUrl.port(url));
    }

    /** Whether it is certain that nothing may be sent there. A name that cannot be resolved now may be later. */
    boolean isKnownToBeRefused(URI url) {
        CompletableFuture<Boolean> refused = new CompletableFuture<>();
        try {
            lookups.execute(() -> lookUp(url, refused));
            return refused.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | RejectedExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void lookUp(URI url, CompletableFuture<Boolean> refused) {
        try {
            refused.complete(permitted(url).isEmpty());
        } catch (UnknownHostException | RuntimeException e) {
            refused.complete(false);
        }
    }

    @PreDestroy
    void close() {
        lookups.shutdownNow();
    }
}
