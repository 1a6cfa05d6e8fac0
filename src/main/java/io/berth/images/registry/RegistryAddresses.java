package io.berth.images.registry;

import io.berth.common.AddressPolicy;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/** Which addresses a pull may connect to, by the {@link AddressPolicy}, and with which it must speak TLS. Redirects and token realms come through here too. */
public final class RegistryAddresses {

    private final AddressPolicy policy;
    private final List<String> insecureHosts;

    /**
     * @param allowed {@code host}, {@code host:port} or CIDR, though private
     * @param insecure {@code host} or {@code host:port} to be spoken to without TLS
     * @throws IllegalArgumentException naming an entry that is none of these
     */
    public RegistryAddresses(List<String> allowed, List<String> insecure, AddressPolicy.Resolver resolver) {
        this.policy = new AddressPolicy(allowed, resolver);
        this.insecureHosts =
                insecure.stream().map(e -> e.toLowerCase(Locale.ROOT)).toList();
    }

    /** Whether a registry is to be spoken to in the clear. */
    public boolean isInsecure(String host, int port) {
        return AddressPolicy.matches(insecureHosts, host, port);
    }

    /**
     * The addresses of a host that may be connected to, at least one. Blocks for the name service.
     *
     * @throws BerthException REGISTRY_ADDRESS_REFUSED, or REGISTRY_FAILED if the name is unknown
     */
    public List<InetAddress> addresses(URI uri) {
        String host = host(uri);
        int port = port(uri);
        if (uri.getScheme().equals("http") && !isInsecure(host, port)) {
            throw refused(host + " would be spoken to without TLS: an administrator can allow it with "
                    + "berth.images.insecure-registries");
        }
        List<InetAddress> permitted;
        try {
            permitted = policy.permitted(host, port);
        } catch (UnknownHostException e) {
            throw new BerthException(ErrorCode.REGISTRY_FAILED, "the registry's host " + host + " is unknown", e);
        }
        if (permitted.isEmpty()) {
            throw refused(host + " has no public address: an administrator can allow it with "
                    + "berth.images.allowed-private-registries");
        }
        return permitted;
    }

    static String host(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            throw new BerthException(ErrorCode.REGISTRY_FAILED, "an address of the registry has no host");
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host.toLowerCase(Locale.ROOT);
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    private static BerthException refused(String message) {
        return new BerthException(ErrorCode.REGISTRY_ADDRESS_REFUSED, message);
    }
}
