package io.berth.engine.netns;

import io.berth.engine.HostLayout;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What an administrator may choose about containers' networks.
 *
 * @param addressPool subnets of groups are carved from it, such as {@code 10.64.0.0/10}
 * @param groupPrefixLength size of a group's subnet, 22 to 29: a bridge has at most 1024 ports
 * @param readySlots namespaces kept ready for each group in use
 * @param maxReadySlots to which that number grows under demand
 * @param idleAfter after so long without a container made, a group keeps one namespace ready
 * @param denyPrivateEgress whether containers may not reach RFC 1918 and RFC 6598 addresses outside their own group
 */
public record NetworkSettings(
        String addressPool,
        int groupPrefixLength,
        int readySlots,
        int maxReadySlots,
        Duration idleAfter,
        boolean denyPrivateEgress) {

    public static final NetworkSettings DEFAULT =
            new NetworkSettings("10.64.0.0/10", 22, 4, 16, Duration.ofMinutes(5), false);

    public NetworkSettings {
        Ipv4Subnet pool = Ipv4Subnet.parse(addressPool);
        if (groupPrefixLength < 22 || groupPrefixLength > 29) {
            throw new IllegalArgumentException("a group's prefix length must be 22 to 29, not " + groupPrefixLength);
        }
        if (pool.prefixLength() < 8 || pool.prefixLength() > groupPrefixLength) {
            throw new IllegalArgumentException("the address pool " + addressPool
                    + " must have a prefix length between 8 and the groups' " + groupPrefixLength);
        }
        if (readySlots < 0 || readySlots > maxReadySlots || maxReadySlots < 1 || maxReadySlots > 64) {
            throw new IllegalArgumentException("ready namespaces must be 0 to 64, and at most their maximum: "
                    + readySlots + ", " + maxReadySlots);
        }
    }

    Ipv4Subnet pool() {
        return Ipv4Subnet.parse(addressPool);
    }

    /**
     * The host whose network is used.
     *
     * @param namespace whose network it is: the server's own, or another one that plays a host
     * @param devices {@code /sys/class/net}
     * @param forwarding {@code /proc/sys/net/ipv4/ip_forward}
     * @param reservations one file for each subnet in use by any instance on the host
     */
    record Host(Path namespace, Path devices, Path forwarding, Path reservations) {

        static final Path OWN = Path.of("/proc/self/ns/net");

        static Host of(HostLayout layout) {
            return new Host(
                    OWN,
                    Path.of("/sys/class/net"),
                    Path.of("/proc/sys/net/ipv4/ip_forward"),
                    layout.runDir().resolveSibling("subnets"));
        }
    }
}
