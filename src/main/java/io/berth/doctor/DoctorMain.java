package io.berth.doctor;

import io.berth.doctor.Finding.Level;
import io.berth.engine.netns.NetworkSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/** {@code ./berth doctor}: what this host offers, line by line. Exits with 1 when something is missing or unsafe. */
public final class DoctorMain {

    private DoctorMain() {}

    public static void main(String[] arguments) {
        Path dataDir = dataDir(arguments, System.getenv("BERTH_DATA_DIR"));
        List<Finding> findings = new ArrayList<>();
        probes(
                        dataDir,
                        System.getenv()
                                .getOrDefault("BERTH_ENGINE_NETWORK_POOL", NetworkSettings.DEFAULT.addressPool()))
                .forEach((name, probe) -> findings.addAll(findings(name, probe)));
        findings.forEach(finding -> System.out.println(finding.line()));
        long missing = count(findings, Level.MISSING);
        long unsafe = count(findings, Level.UNSAFE);
        System.out.printf(
                "%n%d ok, %d warnings, %d unsafe, %d missing%n",
                count(findings, Level.OK), count(findings, Level.WARN), unsafe, missing);
        System.exit(missing + unsafe == 0 ? 0 : 1);
    }

    private static Map<String, Probe> probes(Path dataDir, String addressPool) {
        Map<String, Probe> probes = new LinkedHashMap<>();
        probes.put("rights", new RightsProbe(Path.of("/proc/self/status")));
        probes.put("programs", new ProgramsProbe());
        probes.put("cgroups", new CgroupProbe());
        probes.put("namespaces", new NamespacesProbe(Path.of("/proc/sys")));
        probes.put("file systems", new MountsProbe(dataDir));
        probes.put("seccomp", new SeccompProbe(Path.of("/proc/sys/kernel/seccomp/actions_avail")));
        probes.put("network", new NetworkProbe(Path.of("/proc/sys")));
        probes.put("forwarding", ForwardProbe.ofHost(addressPool));
        probes.put("disk", new DiskProbe(dataDir));
        probes.put("resources", new ResourcesProbe(dataDir, Path.of("/proc/meminfo")));
        probes.put("settings", new SettingsProbe(ConfigProvider.getConfig(), dataDir));
        return probes;
    }

    private static List<Finding> findings(String name, Probe probe) {
        try {
            return probe.run();
        } catch (IOException | RuntimeException e) {
            return List.of(Finding.warn(name, "could not be probed: " + e, "run as root: sudo ./berth doctor"));
        }
    }

    private static long count(List<Finding> findings, Level level) {
        return findings.stream().filter(finding -> finding.level() == level).count();
    }

    private static Path dataDir(String[] arguments, @Nullable String fromEnvironment) {
        if (arguments.length == 2 && arguments[0].equals("--data-dir")) {
            return Path.of(arguments[1]);
        }
        if (arguments.length > 0) {
            System.err.println("berth: usage: ./berth doctor [--data-dir DIR]");
            System.exit(2);
        }
        return Path.of(fromEnvironment == null ? "/var/lib/berth" : fromEnvironment);
    }
}
