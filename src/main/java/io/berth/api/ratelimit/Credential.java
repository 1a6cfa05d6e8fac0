package io.berth.api.ratelimit;

import io.vertx.core.http.HttpServerRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request shows of its sender before anybody has looked at it closer. */
public final class Credential {

    static final long NONE = 0;

    private static final List<String> HEADERS = List.of("Authorization", "Cookie", "Sec-WebSocket-Protocol");
    private static final int IPV6_NETWORK = 8;

    private Credential() {}

    /**
     * Tells credentials apart. Whoever finds another with the same number gains one look at a credential that is bad all the same.
     *
     * @return {@link #NONE} if there are none
     */
    static long fingerprint(HttpServerRequest request) {
        long hash = NONE;
        for (String header : HEADERS) {
            String value = request.getHeader(header);
            if (value != null) {
                hash = hash * 31 + ((long) value.hashCode() << 16 ^ value.length()) + 1;
            }
        }
        return hash;
    }

    /** The sender's address, of IPv6 its network: a host has more addresses in it than could be counted. */
    public static String address(HttpServerRequest request) {
        var remote = request.remoteAddress();
        String address = remote == null ? null : remote.hostAddress();
        return address == null ? "local" : network(address);
    }

    static String network(@Nullable String address) {
        if (address == null || address.indexOf(':') < 0) {
            return String.valueOf(address);
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? Arrays.toString(Arrays.copyOf(parsed.getAddress(), IPV6_NETWORK))
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
