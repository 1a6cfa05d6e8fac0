package io.berth.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForwardProbeTest {

    private static final String POOL = "10.64.0.0/10";
    private static final String LIST = "nft -j list chains";

    @TempDir
    Path proc;

    private final Map<String, String> outputs = new HashMap<>();

    private Finding finding() throws IOException {
        List<Finding> findings =
                new ForwardProbe(POOL, command -> outputs.getOrDefault(String.join(" ", command), ""), proc).run();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static String chain(String table, String hook, String policy) {
        return "{\"nftables\":[{\"metainfo\":{\"version\":\"1\"}},{\"chain\":{\"family\":\"ip\",\"table\":\"" + table
                + "\",\"name\":\"FORWARD\",\"type\":\"filter\",\"hook\":\"" + hook + "\",\"prio\":0,\"policy\":\""
                + policy + "\"}}]}";
    }

    @Test
    void findsNothingWrongWithoutAFirewall() throws IOException {
        assertThat(finding().level()).isEqualTo(Level.OK);
        outputs.put(LIST, chain("filter", "forward", "accept"));
        assertThat(finding().level()).isEqualTo(Level.OK);
        outputs.put(LIST, chain("filter", "input", "drop"));
        assertThat(finding().level()).isEqualTo(Level.OK);
    }

    @Test
    void namesTheChainThatDropsAndTheWayOut() throws IOException {
        outputs.put(LIST, chain("filter", "forward", "drop"));
        outputs.put("nft list table ip filter", "chain FORWARD {\n type filter hook forward; policy drop;\n}");
        Finding finding = finding();
        assertThat(finding.level()).isEqualTo(Level.WARN);
        assertThat(finding.detail()).contains("nftables ip filter FORWARD").doesNotContain("bridge");
        assertThat(finding.remedy()).contains("iptables -I FORWARD -s " + POOL + " -j ACCEPT");
    }

    @Test
    void isContentWhenTheContainersAreLetThrough() throws IOException {
        outputs.put(LIST, chain("filter", "forward", "drop"));
        outputs.put("nft list table ip filter", "chain DOCKER-USER {\n ip saddr 10.64.0.0/10 counter accept\n}");
        assertThat(finding().level()).isEqualTo(Level.OK);
    }

    @Test
    void knowsTheOldIptablesWhereItIsInUse() throws IOException {
        outputs.put("iptables-legacy -S FORWARD", "-P FORWARD DROP\n");
        assertThat(finding().level()).isEqualTo(Level.OK);
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(proc.resolve("net/ip_tables_names"), "nat\nfilter\n");
        outputs.put("iptables-legacy -S FORWARD", "-P FORWARD DROP\n-A FORWARD -j DOCKER-USER\n");
        assertThat(finding().detail()).contains("iptables-legacy FORWARD");
        outputs.put("iptables-legacy -S FORWARD", "-P FORWARD DROP\n-A FORWARD -s 10.64.0.0/10 -j ACCEPT\n");
        assertThat(finding().level()).isEqualTo(Level.OK);
    }

    @Test
    void tellsWhenBridgedFramesAreFilteredToo() throws IOException {
        Files.createDirectories(proc.resolve("sys/net/bridge"));
        Files.writeString(proc.resolve("sys/net/bridge/bridge-nf-call-iptables"), "1\n");
        outputs.put(LIST, chain("filter", "forward", "drop"));
        assertThat(finding().detail()).contains("net.bridge.bridge-nf-call-iptables is 1");
    }
}
