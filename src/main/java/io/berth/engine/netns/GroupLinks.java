package io.berth.engine.netns;

import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Bridges of groups and the firewall that goes with them. Everything here may be repeated. */
final class GroupLinks {

    private final HostCommands commands;
    private final Names names;
    private final FirewallRules rules;
    private final Path devices;

    GroupLinks(HostCommands commands, Names names, Path devices) {
        this.commands = commands;
        this.names = names;
        this.rules = new FirewallRules(names);
        this.devices = devices;
    }

    void ensureFirewall(boolean denyPrivate) throws IOException {
        commands.nft(rules.base(denyPrivate));
    }

    boolean firewallExists() throws IOException {
        return commands.tables().containsAll(Set.of("inet " + names.table(), "bridge " + names.table()));
    }

    /** Rules first: no container is ever connected without them. */
    void ensure(GroupId group, Ipv4Subnet subnet) throws IOException {
        commands.nft(rules.addGroup(subnet));
        String bridge = names.bridge(subnet);
        List<String> lines = new ArrayList<>();
        if (!exists(subnet)) {
            lines.add("link add name " + bridge + " address " + Names.mac(subnet.gateway())
                    + " type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
        }
        String withoutIpv6 = Ipv6.isThere() ? " addrgenmode none" : "";
        lines.add("link set " + bridge + " alias berth:" + group + withoutIpv6 + " up");
        lines.add("addr replace " + Ipv4Subnet.format(subnet.gateway()) + "/" + subnet.prefixLength()
                + " broadcast + dev " + bridge);
        commands.ip(lines);
    }

    boolean exists(Ipv4Subnet subnet) {
        return Files.exists(devices.resolve(names.bridge(subnet)));
    }

    void remove(Ipv4Subnet subnet) throws IOException {
        if (exists(subnet)) {
            commands.ip(List.of("link del " + names.bridge(subnet)));
        }
        commands.nft(rules.removeGroup(subnet));
    }

    void removeFirewall() throws IOException {
        commands.nft(rules.removeAll());
    }

    /** Deletes bridges of this instance whose address is in none of these subnets. */
    void removeBridgesOutside(List<Ipv4Subnet> subnets) throws IOException {
        List<String> lines;
        try (Stream<Path> entries = Files.list(devices)) {
            lines = entries.map(entry -> entry.getFileName().toString())
                    .filter(device -> names.addressOfBridge(device).isPresent())
                    .filter(device -> subnets.stream()
                            .noneMatch(subnet -> subnet.contains(
                                    names.addressOfBridge(device).getAsInt())))
                    .map(device -> "link del " + device)
                    .toList();
        }
        commands.ipForced(lines);
    }
}
