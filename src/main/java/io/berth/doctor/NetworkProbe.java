package io.berth.doctor;

import io.berth.common.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Makes a bridge, a pair of interfaces and a firewall with address translation, in a network namespace of its own. */
record NetworkProbe(Path sysctls) implements Probe {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final String RULES = """
            table inet probe {
                set addresses { type ipv4_addr; flags interval; }
                chain nat { type nat hook postrouting priority srcnat; ip saddr 10.0.0.0/8 masquerade; }
                chain guard { type filter hook forward priority filter; ct state established accept; drop; }
            }
            """;

    @Override
    public List<Finding> run() throws IOException {
        Subprocess.Result links = inNamespace(
                List.of("ip", "-batch", "-"),
                "link add probe type bridge\nlink add left type veth peer name right\nlink set left master probe\n");
        Subprocess.Result rules = inNamespace(List.of("nft", "-f", "-"), RULES);
        boolean forwarding =
                Files.readString(sysctls.resolve("net/ipv4/ip_forward")).strip().equals("1");
        return List.of(
                links.exitCode() == 0
                        ? Finding.ok("bridge, veth", "can be made")
                        : Finding.missing("bridge, veth", links.stderr().strip(), "modprobe bridge veth"),
                rules.exitCode() == 0
                        ? Finding.ok("nftables", "filter, sets and masquerade")
                        : Finding.missing("nftables", rules.stderr().strip(), "modprobe nf_tables nft_masq nft_ct"),
                forwarding
                        ? Finding.ok("ip_forward", "on")
                        : Finding.warn(
                                "ip_forward",
                                "off: the server turns it on when the first container gets a network",
                                "to keep it on: sysctl net.ipv4.ip_forward=1"));
    }

    private static Subprocess.Result inNamespace(List<String> command, String input) throws IOException {
        List<String> whole = new ArrayList<>(List.of("unshare", "--net"));
        whole.addAll(command);
        return Subprocess.run(DEADLINE, whole, input);
    }
}
