package io.berth.doctor;

import io.berth.doctor.Finding.Level;
import io.berth.engine.netns.NetworkSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ./berth doctor}: what this host offers, line by line. Exits with 1 when something is missing or unsafe. */
public final class DoctorMain {

    private DoctorMain() {}

    public static void main(String[] arguments) {
        Path dataDir = dataDir(arguments, System.getenv("BERTH_DATA_DIR"));
        List<Finding> findings = Doctor.examine(
                dataDir,
                System.getenv().getOrDefault("BERTH_ENGINE_NETWORK_POOL", NetworkSettings.DEFAULT.addressPool()));
        findings.forEach(finding -> System.out.println(finding.line()));
        long missing = count(findings, Level.MISSING);
        long unsafe = count(findings, Level.UNSAFE);
        System.out.printf(
                "%n%d ok, %d warnings, %d unsafe, %d missing%n",
                count(findings, Level.OK), count(findings, Level.WARN), unsafe, missing);
        System.exit(missing + unsafe == 0 ? 0 : 1);
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
