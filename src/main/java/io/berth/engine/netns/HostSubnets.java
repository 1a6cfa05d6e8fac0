package io.berth.engine.netns;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What of the IPv4 space the host uses: its addresses and routes, without those of this instance's own bridges. */
final class HostSubnets {

    private final HostCommands commands;
    private final Names names;

    HostSubnets(HostCommands commands, Names names) {
        this.commands = commands;
        this.names = names;
    }

    List<Ipv4Subnet> list() throws IOException {
        List<Ipv4Subnet> taken = new ArrayList<>(ofAddresses(commands.query("-4", "addr")));
        taken.addAll(ofRoutes(commands.query("-4", "route", "show", "table", "all")));
        return taken;
    }

    List<Ipv4Subnet> ofAddresses(JsonNode links) {
        List<Ipv4Subnet> taken = new ArrayList<>();
        for (JsonNode link : links) {
            if (isOwn(link.path("ifname").asText())) {
                continue;
            }
            for (JsonNode address : link.path("addr_info")) {
                taken.add(Ipv4Subnet.parse(address.path("local").asText() + "/"
                        + address.path("prefixlen").asInt(32)));
            }
        }
        return taken;
    }

    /** Every destination but the default route, which says nothing of what is in use. */
    List<Ipv4Subnet> ofRoutes(JsonNode routes) {
        List<Ipv4Subnet> taken = new ArrayList<>();
        for (JsonNode route : routes) {
            String destination = route.path("dst").asText();
            if (!destination.equals("default") && !isOwn(route.path("dev").asText())) {
                Ipv4Subnet subnet = Ipv4Subnet.parse(destination);
                if (subnet.prefixLength() > 1) { // 0.0.0.0/1 and 128.0.0.0/1: a VPN's way to write a default route
                    taken.add(subnet);
                }
            }
        }
        return taken;
    }

    private boolean isOwn(String device) {
        return names.addressOfBridge(device).isPresent()
                || names.addressOfVeth(device).isPresent();
    }
}
