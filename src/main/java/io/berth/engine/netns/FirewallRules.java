package io.berth.engine.netns;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Renders an instance's rules for nft(8). Two tables, {@code inet berth_<instance>} for what is routed and
 * {@code bridge berth_<instance>} for every frame a container sends:
 *
 * <ul>
 *   <li>a container speaks IPv4 and ARP only, from its own device, MAC and IP address;
 *   <li>it reaches containers of its group, and the outside through NAT, but no other group or instance, nor
 *       link-local (cloud metadata), loopback, multicast or reserved addresses, nor private ones if so configured;
 *   <li>on the host it reaches nothing but an echo of its gateway and what the set {@code services} names;
 *   <li>nothing from outside reaches it unless the chain {@code published} accepts; the host itself may.
 * </ul>
 *
 * <p>Each group adds elements to sets; the rules never change. Every text is one transaction and may be applied again
 * while containers run: no packet sees a table half filled. Verdicts of {@code accept} hold for this table only: another
 * table that drops forwarded packets (Docker's {@code FORWARD} policy) still does, and needs its own exception for
 * the group's subnets.
 *
 * @see <a href="https://manpages.debian.org/bookworm/nftables/nft.8.en.html">nft(8)</a>
 */
final class FirewallRules {

    private static final List<String> NEVER =
            List.of("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4");
    private static final List<String> PRIVATE =
            List.of("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16");

    private static final String BASE = """
            add table inet %1$s
            add set inet %1$s bridges { type ifname; }
            add set inet %1$s same { type ifname . ifname; }
            add set inet %1$s gateways { type ifname . ipv4_addr; }
            add set inet %1$s subnets { type ipv4_addr; flags interval; }
            add set inet %1$s denied { type ipv4_addr; flags interval; }
            add set inet %1$s services { type inet_proto . inet_service; }
            add chain inet %1$s published
            add chain inet %1$s from_container
            add chain inet %1$s outbound
            add chain inet %1$s inbound
            add chain inet %1$s input { type filter hook input priority filter; policy accept; }
            add chain inet %1$s forward { type filter hook forward priority filter; policy accept; }
            add chain inet %1$s postrouting { type nat hook postrouting priority srcnat; policy accept; }
            flush chain inet %1$s from_container
            flush chain inet %1$s outbound
            flush chain inet %1$s inbound
            flush chain inet %1$s input
            flush chain inet %1$s forward
            flush chain inet %1$s postrouting
            flush set inet %1$s denied
            add element inet %1$s denied { %2$s }
            add rule inet %1$s input iifname @bridges goto from_container
            add rule inet %1$s from_container ct state established,related accept
            add rule inet %1$s from_container iifname . ip daddr @gateways icmp type echo-request accept
            add rule inet %1$s from_container iifname . ip daddr @gateways meta l4proto . th dport @services accept
            add rule inet %1$s from_container drop
            add rule inet %1$s forward iifname . oifname @same accept
            add rule inet %1$s forward iifname @bridges goto outbound
            add rule inet %1$s forward oifname @bridges goto inbound
            add rule inet %1$s outbound meta nfproto != ipv4 drop
            add rule inet %1$s outbound oifname @bridges drop
            add rule inet %1$s outbound ct state established,related accept
            add rule inet %1$s outbound ip daddr @denied drop
            add rule inet %1$s inbound ct state established,related accept
            add rule inet %1$s inbound jump published
            add rule inet %1$s inbound drop
            add rule inet %1$s postrouting ip saddr @subnets oifname != @bridges masquerade
            add table bridge %1$s
            add set bridge %1$s slots { type ifname . ether_addr . ipv4_addr; }
            add chain bridge %1$s from_slot
            add chain bridge %1$s prerouting { type filter hook prerouting priority dstnat; policy accept; }
            flush chain bridge %1$s from_slot
            flush chain bridge %1$s prerouting
            add rule bridge %1$s prerouting iifname "%3$s*" goto from_slot
            add rule bridge %1$s from_slot iifname . ether saddr . ip saddr @slots accept
            add rule bridge %1$s from_slot iifname . ether saddr . arp saddr ip @slots iifname . arp saddr ether . arp saddr ip @slots accept
            add rule bridge %1$s from_slot drop
            """;

    private static final String GROUP = """
            %1$s element inet %2$s bridges { "%3$s" }
            %1$s element inet %2$s same { "%3$s" . "%3$s" }
            %1$s element inet %2$s gateways { "%3$s" . %4$s }
            %1$s element inet %2$s subnets { %5$s }
            %1$s element bridge %2$s slots { %6$s }
            """;

    private final Names names;

    FirewallRules(Names names) {
        this.names = names;
    }

    /** Tables, sets, chains and rules. Leaves alone the elements of groups and what others put into {@code published}. */
    String base(boolean denyPrivate) {
        List<String> denied =
                denyPrivate ? Stream.concat(NEVER.stream(), PRIVATE.stream()).toList() : NEVER;
        return BASE.formatted(names.table(), String.join(", ", denied), names.vethPrefix());
    }

    /** Lets a group's bridge and all its possible slots in. */
    String addGroup(Ipv4Subnet subnet) {
        return group("add", subnet);
    }

    /** Undoes {@link #addGroup}; works too if only half of it, or nothing, is there. */
    String removeGroup(Ipv4Subnet subnet) {
        return group("add", subnet) + group("delete", subnet);
    }

    /** Removes both tables, if they are there. */
    String removeAll() {
        return "add table inet %1$s\ndelete table inet %1$s\nadd table bridge %1$s\ndelete table bridge %1$s\n"
                .formatted(names.table());
    }

    private String group(String verb, Ipv4Subnet subnet) {
        return GROUP.formatted(
                verb, names.table(), names.bridge(subnet), Ipv4Subnet.format(subnet.gateway()), subnet, slots(subnet));
    }

    private String slots(Ipv4Subnet subnet) {
        int first = subnet.firstContainer();
        return IntStream.range(first, first + subnet.containers())
                .mapToObj(address ->
                        "\"" + names.veth(address) + "\" . " + Names.mac(address) + " . " + Ipv4Subnet.format(address))
                .collect(Collectors.joining(", "));
    }
}
