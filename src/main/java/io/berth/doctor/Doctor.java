package io.berth.doctor;

import io.berth.engine.bundle.AppArmor;
import io.berth.engine.local.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Tries what the host offers. */
public final class Doctor {

    private Doctor() {}

    /**
     * All that was found, line by line. Blocks for some hundred milliseconds, leaves nothing behind, and may be called while a server
     * runs; examinations go one after the other, since their traces have names.
     *
     * @param addressPool of the tenants' networks
     */
    public static synchronized List<Finding> examine(Path dataDir, String addressPool) {
        List<Finding> findings = new ArrayList<>();
        probes(dataDir, addressPool).forEach((name, probe) -> findings.addAll(findings(name, probe)));
        return findings;
    }

    private static Map<String, Probe> probes(Path dataDir, String addressPool) {
        Map<String, Probe> probes = new LinkedHashMap<>();
        probes.put("rights", new RightsProbe(Path.of("/proc/self/status")));
        probes.put("programs", ProgramsProbe.of(ConfigProvider.getConfig()));
        probes.put("cgroups", new CgroupProbe());
        probes.put("namespaces", new NamespacesProbe(Path.of("/proc/sys")));
        probes.put("file systems", new MountsProbe(dataDir));
        probes.put("seccomp", new SeccompProbe(Path.of("/proc/sys/kernel/seccomp/actions_avail")));
        probes.put("apparmor", new AppArmorProbe(Path.of("/sys"), Programs.find(AppArmor.PARSER)));
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
}
