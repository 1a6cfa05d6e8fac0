package io.berth.doctor;

import io.berth.startup.StartupChecks;
import io.berth.startup.StartupFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.config.Config;

/** The settings that a server would start with here: the same checks as it makes. */
record SettingsProbe(Config config, Path dataDir) implements Probe {

    @Override
    public List<Finding> run() throws IOException {
        List<StartupFinding> found = StartupChecks.run(config, dataDir, Clock.systemUTC());
        if (found.isEmpty()) {
            return List.of(Finding.ok("settings", "safe for production"));
        }
        return found.stream().map(SettingsProbe::finding).toList();
    }

    private static Finding finding(StartupFinding found) {
        String what = "settings";
        String detail = found.check().id() + ": " + found.detail() + " ("
                + found.check().why() + ")";
        return found.isSevere()
                ? Finding.unsafe(what, detail, found.remedy())
                : Finding.warn(what, detail, found.remedy());
    }
}
