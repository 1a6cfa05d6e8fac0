package io.berth.common;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** A network: {@code 10.0.0.0/8}, {@code fd00::/8}. */
public record Cidr(InetAddress network, int prefix) {

    // literals only: a name must not be looked up
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** @throws IllegalArgumentException if it is not of that form */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        String address = text.substring(0, Math.max(slash, 0));
        try {
            if (LITERAL.matcher(address).matches()) {
                Cidr cidr = new Cidr(InetAddress.getByName(address), Integer.parseInt(text.substring(slash + 1)));
                if (cidr.prefix >= 0 && cidr.prefix <= cidr.network.getAddress().length * 8) {
                    return cidr;
                }
            }
        } catch (UnknownHostException | NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("not a network: '" + text + "' (write address/prefix, as in 10.0.0.0/8)");
    }

    /**
     * The network of one address written as such, or of many.
     *
     * @throws IllegalArgumentException if it is neither an address nor a network
     */
    public static Cidr parseAddressOrNetwork(String text) {
        String whole = text.strip();
        if (whole.indexOf('/') >= 0) {
            return parse(whole);
        }
        return parse(whole + (whole.indexOf(':') >= 0 ? "/128" : "/32"));
    }

    /** The address of a text that is one, without asking a name service. @throws IllegalArgumentException if it is none */
    public static InetAddress parseAddress(String text) {
        return parseAddressOrNetwork(text.strip().replaceFirst("/.*", "")).network();
    }

    /** Whether the address is in the network. An IPv4 address is in no IPv6 network. */
    public boolean contains(InetAddress address) {
        byte[] wanted = network.getAddress();
        byte[] given = address.getAddress();
        if (wanted.length != given.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((wanted[bit / 8] & mask) != (given[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
