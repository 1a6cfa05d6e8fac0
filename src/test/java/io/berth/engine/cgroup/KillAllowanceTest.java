package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillAllowanceTest {

    private static final String SLOW = "8:0 rbps=max wbps=4096 riops=max wiops=max";

    private final KillAllowance allowance = new KillAllowance(Optional.of("8:0"));

    @TempDir
    Path directory;

    private Path cpu;
    private Path io;

    @BeforeEach
    void makeLimits() throws IOException {
        FakeCgroup.v2(directory);
        cpu = directory.resolve("cpu.max");
        io = directory.resolve("io.max");
        Files.writeString(cpu, "1000 100000\n");
        Files.writeString(io, "7:0 rbps=1 wbps=1 riops=max wiops=max\n" + SLOW + "\n");
    }

    @Test
    void raisesSmallLimitsUntilTheKillIsOver() throws IOException {
        try (KillAllowance.Grant grant = allowance.grant(List.of(directory))) {
            assertThat(FakeCgroup.content(cpu)).isEqualTo("100000 100000");
            assertThat(FakeCgroup.content(io)).isEqualTo("8:0 rbps=max wbps=67108864 riops=max wiops=max");
        }
        assertThat(FakeCgroup.content(cpu)).isEqualTo("1000 100000");
        assertThat(FakeCgroup.content(io)).isEqualTo(SLOW);
    }

    @Test
    void leavesLargerLimitsAndNoneAlone() throws IOException {
        Files.writeString(cpu, "250000 100000\n");
        Files.writeString(io, "8:0 rbps=max wbps=70000000 riops=max wiops=max\n");
        try (KillAllowance.Grant grant = allowance.grant(List.of(directory, directory.resolve("gone")))) {
            assertThat(FakeCgroup.content(cpu)).isEqualTo("250000 100000");
            assertThat(FakeCgroup.content(io)).contains("wbps=70000000");
        }
        Files.writeString(cpu, "max 100000\n");
        Files.writeString(io, "");
        try (KillAllowance.Grant grant = allowance.grant(List.of(directory))) {
            assertThat(FakeCgroup.content(cpu)).isEqualTo("max 100000");
            assertThat(FakeCgroup.content(io)).isEmpty();
        }
    }

    @Test
    void restoresWhenTheLastKillIsOver() throws IOException {
        KillAllowance.Grant first = allowance.grant(List.of(directory));
        KillAllowance.Grant second = allowance.grant(List.of(directory));
        first.close();
        first.close();
        assertThat(FakeCgroup.content(cpu)).isEqualTo("100000 100000");
        second.close();
        assertThat(FakeCgroup.content(cpu)).isEqualTo("1000 100000");
    }

    @Test
    void setsALimitThatIsChangedMeanwhileAfterwards() throws IOException {
        KillAllowance.Grant grant = allowance.grant(List.of(directory));
        allowance.limit(cpu, "3000 100000");
        allowance.limit(io, "8:0 rbps=max wbps=max");
        assertThat(FakeCgroup.content(cpu)).isEqualTo("100000 100000");
        grant.close();
        assertThat(FakeCgroup.content(cpu)).isEqualTo("3000 100000");
        assertThat(FakeCgroup.content(io)).isEqualTo("8:0 rbps=max wbps=max");
    }

    @Test
    void setsLimitsAtOnceOtherwise() throws IOException {
        allowance.limit(cpu, "2000 100000");
        assertThat(FakeCgroup.content(cpu)).isEqualTo("2000 100000");
    }
}
