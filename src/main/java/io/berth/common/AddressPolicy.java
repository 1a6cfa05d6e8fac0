package io.berth.common;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which addresses may be connected to on behalf of a tenant. What is not a public unicast address is refused unless configured, so that
 * nobody can make the server a probe of the inside network.
 *
 * <p>A name is resolved once, here, and the connection must go to an address that was returned: a name that resolves to another address
 * a moment later gains nothing.
 */
public final class AddressPolicy {

    /** Resolves a host name, as {@link InetAddress#getAllByName} does. */
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final List<String> allowedHosts;
    private final List<Cidr> allowedNetworks;
    private final Resolver resolver;

    /**
     * @param allowed {@code host}, {@code host:port} or CIDR, though private
     * @throws IllegalArgumentException naming an entry that is none of these
     */
    public AddressPolicy(List<String> allowed, Resolver resolver) {
        this.allowedNetworks =
                allowed.stream().filter(e -> e.contains("/")).map(Cidr::parse).toList();
        this.allowedHosts = allowed.stream()
                .filter(e -> !e.contains("/"))
                .map(e -> e.toLowerCase(Locale.ROOT))
                .toList();
        this.resolver = resolver;
    }

    /**
     * The addresses of a host that may be connected to; empty if none may. Blocks for the name service.
     *
     * @param host in lower case, an IPv6 address without brackets
     * @throws UnknownHostException if the name has no address
     */
    public List<InetAddress> permitted(String host, int port) throws UnknownHostException {
        InetAddress[] all = resolver.resolve(host);
        if (matches(allowedHosts, host, port)) {
            return List.of(all);
        }
        return Arrays.stream(all)
                .filter(a -> isPublic(a) || allowedNetworks.stream().anyMatch(n -> n.contains(a)))
                .toList();
    }

    /** Whether one of the entries, {@code host} or {@code host:port}, is this host. */
    public static boolean matches(List<String> entries, String host, int port) {
        String shown = host.contains(":") ? "[" + host + "]" : host;
        return entries.contains(host) || entries.contains(shown) || entries.contains(shown + ":" + port);
    }

    /** Whether it is an address of a single host on the public internet. */
    public static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] b = address.getAddress();
        int first = b[0] & 0xff;
        int second = b[1] & 0xff;
        if (address instanceof Inet4Address) {
            // this network, shared (RFC 6598), protocol assignments, benchmarking, reserved
            return first != 0
                    && !(first == 100 && (second & 0xc0) == 64)
                    && !(first == 192 && second == 0 && b[2] == 0)
                    && !(first == 198 && (second & 0xfe) == 18)
                    && first < 240;
        }
        // only global unicast, and none of its ranges that lead to IPv4 addresses (6to4, Teredo); NAT64 is not in it
        boolean sixToFour = first == 0x20 && second == 0x02;
        boolean teredo = first == 0x20 && second == 0x01 && b[2] == 0 && b[3] == 0;
        return (first & 0xe0) == 0x20 && !sixToFour && !teredo;
    }
}
