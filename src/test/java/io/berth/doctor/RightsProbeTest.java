package io.berth.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.doctor.Finding.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RightsProbeTest {

    @TempDir
    Path temporary;

    @Test
    void fullRootIsOk() throws IOException {
        assertThat(new RightsProbe(status("0\t0\t0\t0", "000001ffffffffff")).run())
                .extracting(Finding::level)
                .containsOnly(Level.OK);
    }

    @Test
    void rootWithoutResourceIsWarned() throws IOException {
        assertThat(new RightsProbe(status("0\t0\t0\t0", "000001fffeffffff")).run())
                .filteredOn(finding -> finding.level() != Level.OK)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.level()).isEqualTo(Level.WARN);
                    assertThat(finding.what()).isEqualTo("CAP_SYS_RESOURCE");
                });
    }

    @Test
    void namesWhatAnOrdinaryUserLacks() throws IOException {
        assertThat(new RightsProbe(status("1000\t1000\t1000\t1000", "0000000000000000")).run())
                .filteredOn(finding -> finding.level() == Level.MISSING)
                .extracting(Finding::detail)
                .anyMatch(detail -> detail.contains("CAP_SYS_ADMIN"))
                .contains("not root");
    }

    private Path status(String uids, String capabilities) throws IOException {
        return Files.writeString(
                temporary.resolve("status"), "Name:\tjava\nUid:\t" + uids + "\nCapEff:\t" + capabilities + "\n");
    }
}
