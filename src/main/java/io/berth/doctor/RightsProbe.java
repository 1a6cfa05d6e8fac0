package io.berth.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rights of this process: see capabilities(7). */
record RightsProbe(Path status) implements Probe {

    private static final Map<String, Integer> NEEDED = new LinkedHashMap<>();
    private static final int SYS_RESOURCE = 24;

    static {
        NEEDED.put("CHOWN", 0);
        NEEDED.put("DAC_OVERRIDE", 1);
        NEEDED.put("FOWNER", 3);
        NEEDED.put("KILL", 5);
        NEEDED.put("SETGID", 6);
        NEEDED.put("SETUID", 7);
        NEEDED.put("NET_ADMIN", 12);
        NEEDED.put("SYS_CHROOT", 18);
        NEEDED.put("SYS_PTRACE", 19);
        NEEDED.put("SYS_ADMIN", 21);
        NEEDED.put("MKNOD", 27);
    }

    @Override
    public List<Finding> run() throws IOException {
        List<String> lines = Files.readAllLines(status);
        List<Finding> findings = new ArrayList<>();
        boolean root = value(lines, "Uid:").startsWith("0\t");
        findings.add(root ? Finding.ok("user", "root") : Finding.missing("user", "not root", "sudo ./berth doctor"));
        long effective = Long.parseUnsignedLong(value(lines, "CapEff:"), 16);
        List<String> lacking = NEEDED.entrySet().stream()
                .filter(capability -> !has(effective, capability.getValue()))
                .map(capability -> "CAP_" + capability.getKey())
                .toList();
        findings.add(
                lacking.isEmpty()
                        ? Finding.ok("capabilities", "all that are needed")
                        : Finding.missing(
                                "capabilities",
                                "lacking " + String.join(", ", lacking),
                                "start Berth outside of a container, or give it these capabilities"));
        findings.add(
                has(effective, SYS_RESOURCE)
                        ? Finding.ok("CAP_SYS_RESOURCE", "present")
                        : Finding.warn(
                                "CAP_SYS_RESOURCE",
                                "absent: limits of open files and the like cannot be raised above the present ones",
                                "raise the hard limits (ulimit -Hn) before Berth starts"));
        return findings;
    }

    private static boolean has(long capabilities, int bit) {
        return (capabilities >>> bit & 1) == 1;
    }

    private static String value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .findFirst()
                .orElse("0");
    }
}
