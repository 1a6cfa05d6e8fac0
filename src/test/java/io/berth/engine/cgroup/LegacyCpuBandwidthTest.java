package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.cgroup.LegacyCpuBandwidth.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LegacyCpuBandwidthTest {

    @TempDir
    Path root;

    private LegacyCpuBandwidth bandwidth;

    @BeforeEach
    void makeCgroups() throws IOException {
        for (String path : new String[] {"", "g", "g/c", "g/other"}) {
            FakeCgroup.v1(root.resolve(path));
        }
        bandwidth = new LegacyCpuBandwidth(root);
        limit("g", 500);
        limit("g/c", 200);
    }

    @Test
    void leavesOffALimitAboveItsGroupsUntilThatIsRaised() throws IOException {
        limit("g/other", 2000);
        assertThat(quotas("g/other")).containsExactly("-1");
        limit("g", 3000);
        assertThat(quotas("g/other", "g/c")).containsExactly("200000", "20000");
        limit("g", 100);
        assertThat(quotas("g", "g/other", "g/c")).containsExactly("10000", "-1", "-1");
    }

    @Test
    void givesTheKilledAndTheirGroupACoreUntilTheyAreGone() throws IOException {
        try (Grant grant = bandwidth.grant("g/c")) {
            assertThat(quotas("", "g", "g/c", "g/other")).containsExactly("-1", "100000", "100000", "-1");
        }
        assertThat(quotas("", "g", "g/c", "g/other")).containsExactly("-1", "50000", "20000", "-1");
    }

    @Test
    void givesItToAllBelowWhatIsKilled() throws IOException {
        limit("", 400);
        limit("g/other", 3000);
        try (Grant grant = bandwidth.grant("")) {
            assertThat(quotas("", "g", "g/c")).containsExactly("100000", "100000", "100000");
        }
        assertThat(quotas("", "g", "g/c", "g/other")).containsExactly("40000", "-1", "20000", "-1");
    }

    @Test
    void takesNothingFromThoseWithMore() throws IOException {
        limit("g", 4000);
        limit("g/c", 3000);
        try (Grant grant = bandwidth.grant("g/c")) {
            assertThat(quotas("g", "g/c")).containsExactly("400000", "300000");
        }
    }

    @Test
    void takesItBackWhenTheLastKillIsOver() throws IOException {
        Grant one = bandwidth.grant("g/c");
        Grant other = bandwidth.grant("g/other");
        one.close();
        assertThat(quotas("g", "g/c")).containsExactly("100000", "20000");
        other.close();
        assertThat(quotas("g", "g/c")).containsExactly("50000", "20000");
    }

    @Test
    void setsALimitThatIsChangedMeanwhileAfterwards() throws IOException {
        try (Grant grant = bandwidth.grant("g/c")) {
            limit("g", 300);
            limit("g/c", 100);
            assertThat(quotas("g", "g/c")).containsExactly("100000", "100000");
        }
        assertThat(quotas("g", "g/c")).containsExactly("30000", "10000");
    }

    @Test
    void takesItBackFromWhatHadItsLimitBeforeTheServerStarted() throws IOException {
        bandwidth = new LegacyCpuBandwidth(root);
        bandwidth.grant("g/c").close();
        assertThat(quotas("g", "g/c")).containsExactly("50000", "20000");
    }

    @Test
    void forgetsWhatVanishesMeanwhile() throws IOException {
        try (Grant grant = bandwidth.grant("g/c");
                Stream<Path> files = Files.list(root.resolve("g/c"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(root.resolve("g/c"));
        }
        assertThat(quotas("g")).containsExactly("50000");
    }

    private void limit(String path, long milliCpus) throws IOException {
        bandwidth.limit(path, CpuLimit.ofMilliCpus(milliCpus));
    }

    private Stream<String> quotas(String... paths) {
        return Stream.of(paths).map(path -> {
            try {
                return FakeCgroup.content(root.resolve(path).resolve("cpu.cfs_quota_us"));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
