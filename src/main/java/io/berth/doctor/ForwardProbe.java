package io.berth.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.common.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Looks for somebody else's firewall that drops what it does not know on its way through this host: Docker sets iptables' FORWARD
 * policy to DROP. A packet passes only if every table lets it, so Berth's own rules cannot mend that.
 *
 * @param addressPool the containers' addresses
 * @param commands runs a command and answers its output, empty if it failed
 * @param proc {@code /proc}
 */
record ForwardProbe(String addressPool, Commands commands, Path proc) implements Probe {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** How commands are run. */
    @FunctionalInterface
    interface Commands {
        String output(List<String> command) throws IOException;
    }

    static ForwardProbe ofHost(String addressPool) {
        return new ForwardProbe(addressPool, ForwardProbe::output, Path.of("/proc"));
    }

    @Override
    public List<Finding> run() throws IOException {
        List<String> dropping = new ArrayList<>(nftables());
        // to ask it where it is not used would load it
        String legacy = usesLegacyTables() ? commands.output(List.of("iptables-legacy", "-S", "FORWARD")) : "";
        if (legacy.contains("-P FORWARD DROP") && !accepts(legacy)) {
            dropping.add("iptables-legacy FORWARD");
        }
        if (dropping.isEmpty()) {
            return List.of(Finding.ok("forwarding", "no other firewall drops it by default"));
        }
        String bridged = filtersBridges() ? ", nor each other (net.bridge.bridge-nf-call-iptables is 1)" : "";
        return List.of(Finding.warn(
                "forwarding",
                "dropped by " + String.join(", ", dropping) + ": containers cannot reach other hosts" + bridged,
                "iptables -I FORWARD -s " + addressPool + " -j ACCEPT; iptables -I FORWARD -d " + addressPool
                        + " -j ACCEPT   (with Docker in the chain DOCKER-USER; for nftables alone: nft insert rule)"));
    }

    private List<String> nftables() throws IOException {
        List<String> dropping = new ArrayList<>();
        String chains = commands.output(List.of("nft", "-j", "list", "chains"));
        for (JsonNode entry : JSON.readTree(chains.isEmpty() ? "{}" : chains).path("nftables")) {
            JsonNode chain = entry.path("chain");
            String family = chain.path("family").asText();
            String table = chain.path("table").asText();
            if (chain.path("hook").asText().equals("forward")
                    && chain.path("policy").asText().equals("drop")
                    && List.of("ip", "inet").contains(family)
                    && !accepts(commands.output(List.of("nft", "list", "table", family, table)))) {
                dropping.add("nftables " + family + " " + table + " "
                        + chain.path("name").asText());
            }
        }
        return dropping;
    }

    private boolean accepts(String rules) {
        return rules.lines()
                .anyMatch(rule -> rule.contains(addressPool)
                        && rule.toLowerCase(Locale.ROOT).contains("accept"));
    }

    private boolean usesLegacyTables() throws IOException {
        Path tables = proc.resolve("net/ip_tables_names");
        return Files.exists(tables) && Files.readAllLines(tables).contains("filter");
    }

    private boolean filtersBridges() throws IOException {
        Path setting = proc.resolve("sys/net/bridge/bridge-nf-call-iptables");
        return Files.exists(setting) && Files.readString(setting).strip().equals("1");
    }

    private static String output(List<String> command) {
        try {
            Subprocess.Result result = Subprocess.run(DEADLINE, command);
            return result.exitCode() == 0 ? result.stdout() : "";
        } catch (IOException absent) {
            return "";
        }
    }
}
