package io.berth.startup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.config.Config;

/** Looks for settings that are unsafe in production. Takes a few milliseconds, changes nothing, asks no network. */
public final class StartupChecks {

    /** Where the ids of checks stand that may not stop the start: {@code BERTH_STARTUP_ALLOW}. */
    public static final String ALLOW = "berth.startup.allow";

    private static final Set<String> TALKATIVE = Set.of("DEBUG", "TRACE", "FINE", "FINER", "FINEST", "ALL");

    private StartupChecks() {}

    /**
     * Everything that is unsafe, the severe first.
     *
     * @throws IOException if the data directory cannot be looked at
     */
    public static List<StartupFinding> run(Config config, Path dataDir, Clock clock) throws IOException {
        List<StartupFinding> findings = new ArrayList<>();
        findings.addAll(new NetworkSettings(config).check());
        findings.addAll(new FileSettings(dataDir.toAbsolutePath().normalize(), clock).check());
        config.getOptionalValue("quarkus.log.level", String.class)
                .filter(level -> TALKATIVE.contains(level.strip().toUpperCase(Locale.ROOT)))
                .ifPresent(level -> findings.add(new StartupFinding(
                        StartupCheck.DEBUG_LOG,
                        "QUARKUS_LOG_LEVEL=" + level,
                        "Raise it to INFO; single categories can be lowered for a while")));
        findings.sort((a, b) -> Boolean.compare(b.isSevere(), a.isSevere()));
        return findings;
    }

    /**
     * Which of them stop the start.
     *
     * @throws IllegalArgumentException if something is to be allowed that is no check
     */
    public static List<StartupFinding> stopping(List<StartupFinding> findings, Config config) {
        List<String> allowed = config.getOptionalValues(ALLOW, String.class).orElse(List.of()).stream()
                .map(String::strip)
                .toList();
        for (String id : allowed) {
            if (StartupCheck.of(id).isEmpty()) {
                throw new IllegalArgumentException(
                        "BERTH_STARTUP_ALLOW names '" + id + "', which is no check: docs/startup-checks.md lists them");
            }
        }
        return findings.stream()
                .filter(finding ->
                        finding.isSevere() && !allowed.contains(finding.check().id()))
                .toList();
    }
}
