package io.berth.doctor;

import io.berth.engine.bundle.AppArmor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether containers get an AppArmor profile. Has it compiled and not loaded, unless a server has loaded it already.
 *
 * @param parser of profiles, where it is installed
 */
record AppArmorProbe(Path sys, Optional<Path> parser) implements Probe {

    private static final String RESTART = ", then restart the server";

    @Override
    public List<Finding> run() throws IOException {
        AppArmor appArmor = new AppArmor(sys, parser);
        if (!appArmor.isEnabled()) {
            return List.of(Finding.ok("apparmor", "off in this kernel: containers get no profile"));
        }
        if (appArmor.isLoaded()) {
            return List.of(Finding.ok("apparmor", "containers run under the profile " + AppArmor.PROFILE));
        }
        if (!appArmor.hasPolicy()) {
            return List.of(without(
                    "securityfs is not mounted", "mount -t securityfs securityfs /sys/kernel/security" + RESTART));
        }
        if (parser.isEmpty()) {
            return List.of(without(AppArmor.PARSER + ": not found", "install the package apparmor" + RESTART));
        }
        try {
            appArmor.check();
        } catch (IOException e) {
            return List.of(without(String.valueOf(e.getMessage()), "update the package apparmor" + RESTART));
        }
        return List.of(Finding.ok("apparmor", "the server's start loads the profile " + AppArmor.PROFILE));
    }

    private static Finding without(String why, String remedy) {
        return Finding.warn("apparmor", why + "; containers get no profile", remedy);
    }
}
