package io.berth.engine.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppArmorTest {

    private static final String LOADED = AppArmor.PROFILE + " (enforce)\n";

    @TempDir
    Path sys;

    private Path enabled;
    private Path profiles;
    private Path calls;
    private Path parser;

    @BeforeEach
    void host() throws IOException {
        enabled = sys.resolve("module/apparmor/parameters/enabled");
        profiles = sys.resolve("kernel/security/apparmor/profiles");
        Files.createDirectories(enabled.getParent());
        Files.createDirectories(profiles.getParent());
        Files.writeString(enabled, "Y\n");
        Files.writeString(profiles, "/usr/bin/man (enforce)\n");
        calls = sys.resolve("calls");
        parser = parser("echo '" + AppArmor.PROFILE + " (enforce)' > " + profiles);
    }

    private Path parser(String action) throws IOException {
        Path script = sys.resolve("apparmor_parser");
        Files.writeString(script, "#!/bin/sh\n{ echo \"$@\"; cat; } >> " + calls + "\n" + action + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private AppArmor appArmor() {
        return new AppArmor(sys, Optional.of(parser));
    }

    @Test
    void isEnabledWhereTheKernelSaysSo() throws IOException {
        assertThat(appArmor().isEnabled()).isTrue();
        Files.writeString(enabled, "N\n");
        assertThat(appArmor().isEnabled()).isFalse();
        Files.delete(enabled);
        assertThat(appArmor().isEnabled()).isFalse();
    }

    @Test
    void loadsTheProfileOnce() throws IOException {
        appArmor().ensureLoaded();
        appArmor().ensureLoaded();
        assertThat(Files.readString(calls))
                .containsOnlyOnce("--skip-cache --replace\n")
                .contains("profile " + AppArmor.PROFILE + " flags=", "peer=" + AppArmor.PROFILE + ",\n")
                .doesNotContain("NAME flags", "peer=NAME");
    }

    @Test
    void loadsItAgainWhenItIsGoneOrNotEnforced() throws IOException {
        for (String others : new String[] {"/usr/bin/man (enforce)\n", AppArmor.PROFILE + " (complain)\n"}) {
            Files.writeString(profiles, others);
            appArmor().ensureLoaded();
            assertThat(Files.readString(profiles)).isEqualTo(LOADED);
        }
    }

    @Test
    void saysWhyItCannotBeLoaded() throws IOException {
        parser = parser("echo 'Permission denied; attempted to load a profile' >&2; exit 243");
        assertThatThrownBy(() -> appArmor().ensureLoaded())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("exited with 243: Permission denied");
        parser = parser("true");
        assertThatThrownBy(() -> appArmor().ensureLoaded()).hasMessageContaining("does not list the profile");
        assertThatThrownBy(() -> new AppArmor(sys, Optional.empty()).ensureLoaded())
                .hasMessageContaining("'apparmor_parser' is not installed");
        Files.delete(profiles);
        assertThatThrownBy(() -> appArmor().ensureLoaded()).hasMessageContaining("securityfs is not mounted");
    }
}
