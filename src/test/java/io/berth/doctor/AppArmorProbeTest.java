package io.berth.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.doctor.Finding.Level;
import io.berth.engine.bundle.AppArmor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppArmorProbeTest {

    private static final Path ACCEPTS = Path.of("/bin/true");
    private static final Path REFUSES = Path.of("/bin/false");

    @TempDir
    Path sys;

    @Test
    void findsNothingToMendWhereTheKernelHasItOff() throws IOException {
        Finding finding = finding(Optional.empty());
        assertThat(finding.level()).isEqualTo(Level.OK);
        assertThat(finding.detail()).startsWith("off in this kernel");
    }

    @Test
    void namesWhatIsMissing() throws IOException {
        write("module/apparmor/parameters/enabled", "Y\n");
        assertThat(finding(Optional.of(ACCEPTS)).remedy()).startsWith("mount -t securityfs");
        write("kernel/security/apparmor/profiles", "");
        Finding finding = finding(Optional.empty());
        assertThat(finding.level()).isEqualTo(Level.WARN);
        assertThat(finding.detail()).isEqualTo("apparmor_parser: not found; containers get no profile");
        assertThat(finding.remedy()).isEqualTo("install the package apparmor, then restart the server");
        assertThat(finding(Optional.of(REFUSES)).level()).isEqualTo(Level.WARN);
    }

    @Test
    void saysWhichProfileContainersGet() throws IOException {
        write("module/apparmor/parameters/enabled", "Y\n");
        write("kernel/security/apparmor/profiles", "");
        assertThat(finding(Optional.of(ACCEPTS)).level()).isEqualTo(Level.OK);
        assertThat(finding(Optional.of(ACCEPTS)).detail()).contains("the server's start loads", AppArmor.PROFILE);
        write("kernel/security/apparmor/profiles", AppArmor.PROFILE + " (enforce)\n");
        assertThat(finding(Optional.empty()).detail())
                .isEqualTo("containers run under the profile " + AppArmor.PROFILE);
    }

    private void write(String path, String text) throws IOException {
        Path file = sys.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Finding finding(Optional<Path> parser) throws IOException {
        List<Finding> findings = new AppArmorProbe(sys, parser).run();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }
}
