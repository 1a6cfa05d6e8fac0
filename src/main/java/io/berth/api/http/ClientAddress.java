package io.berth.api.http;

import io.berth.common.Cidr;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: the address of the connection, or what a trusted proxy says in {@code X-Forwarded-For}. Of that
 * list the last address counts that is no trusted proxy's, since everything before it may be the client's own invention.
 */
@ApplicationScoped
public class ClientAddress {

    private static final String HEADER = "X-Forwarded-For";
    private static final int MOST_HOPS = 32;

    private final List<Cidr> trusted;

    /** @throws IllegalArgumentException naming an entry that is neither an address nor a network */
    ClientAddress(HttpConfig config) {
        this.trusted = config.trustedProxies().orElse(List.of()).stream()
                .map(Cidr::parseAddressOrNetwork)
                .toList();
    }

    /** The address as text, without a port. */
    public String of(HttpServerRequest request) {
        String peer =
                request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
        if (trusted.isEmpty() || !isTrusted(peer)) {
            return peer == null ? "" : peer;
        }
        String[] hops = String.join(",", request.headers().getAll(HEADER)).split(",", -1);
        String found = peer;
        for (int i = hops.length - 1; i >= 0 && hops.length - i <= MOST_HOPS; i--) {
            InetAddress hop = parse(hops[i]);
            if (hop == null) {
                break;
            }
            found = hop.getHostAddress();
            if (!isTrusted(hop)) {
                break;
            }
        }
        return found;
    }

    private boolean isTrusted(@Nullable String address) {
        InetAddress parsed = address == null ? null : parse(address);
        return parsed != null && isTrusted(parsed);
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(network -> network.contains(address));
    }

    private static @Nullable InetAddress parse(String text) {
        try {
            return Cidr.parseAddress(text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }
}
