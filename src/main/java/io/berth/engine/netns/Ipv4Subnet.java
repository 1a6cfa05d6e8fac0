package io.berth.engine.netns;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses, such as {@code 10.64.4.0/22}.
 *
 * @param base first address, as an unsigned number
 * @param prefixLength 0 to 32
 */
record Ipv4Subnet(int base, int prefixLength) {

    private static final Pattern FORM =
            Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})(?:/(\\d{1,2}))?");

    Ipv4Subnet {
        if (prefixLength < 0 || prefixLength > 32) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " is not between 0 and 32");
        }
        base &= mask(prefixLength);
    }

    /**
     * Parses {@code a.b.c.d/n}, or {@code a.b.c.d} for one address. Bits outside the prefix are dropped.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static Ipv4Subnet parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an IPv4 subnet such as 10.64.0.0/10: " + text);
        }
        int address = 0;
        for (int group = 1; group <= 4; group++) {
            int octet = Integer.parseInt(matcher.group(group));
            if (octet > 255) {
                throw new IllegalArgumentException("not an IPv4 subnet such as 10.64.0.0/10: " + text);
            }
            address = address << 8 | octet;
        }
        String prefix = matcher.group(5);
        return new Ipv4Subnet(address, prefix == null ? 32 : Integer.parseInt(prefix));
    }

    static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    boolean contains(int address) {
        return (address & mask(prefixLength)) == base;
    }

    boolean overlaps(Ipv4Subnet other) {
        return prefixLength <= other.prefixLength ? contains(other.base) : other.contains(base);
    }

    /** How many subnets of the given prefix length this one holds. */
    int parts(int partPrefixLength) {
        return 1 << (partPrefixLength - prefixLength);
    }

    Ipv4Subnet part(int index, int partPrefixLength) {
        return new Ipv4Subnet(base + (index << (32 - partPrefixLength)), partPrefixLength);
    }

    /** The bridge's address: the first one. */
    int gateway() {
        return base + 1;
    }

    /** The last address, to which all listen. */
    int broadcast() {
        return base | ~mask(prefixLength);
    }

    int firstContainer() {
        return base + 2;
    }

    /** Addresses for containers: all but the network's, the gateway's and the broadcast one. */
    int containers() {
        return (1 << (32 - prefixLength)) - 3;
    }

    /** A file name: {@code 10.64.4.0-22}. */
    String fileName() {
        return format(base) + "-" + prefixLength;
    }

    @Override
    public String toString() {
        return format(base) + "/" + prefixLength;
    }

    private static int mask(int prefixLength) {
        return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
    }
}
