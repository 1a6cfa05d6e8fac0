package io.berth.engine.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.EngineException;
import org.junit.jupiter.api.Test;

class CpuLimitTest {

    @Test
    void writesQuotaPerPeriod() {
        assertThat(CpuLimit.ofMilliCpus(1500L).unifiedForm()).isEqualTo("150000 100000");
        assertThat(CpuLimit.ofMilliCpus(null).unifiedForm()).isEqualTo("max 100000");
        assertThat(CpuLimit.ofMilliCpus(Long.MAX_VALUE).unifiedForm()).isEqualTo("max 100000");
    }

    @Test
    void givesVerySmallSharesALongPeriodSinceTheKernelTakesNoQuotaBelowOneMillisecond() {
        assertThat(CpuLimit.ofMilliCpus(10L)).isEqualTo(new CpuLimit(1_000, 100_000));
        assertThat(CpuLimit.ofMilliCpus(9L)).isEqualTo(new CpuLimit(9_000, 1_000_000));
        assertThat(CpuLimit.ofMilliCpus(1L)).isEqualTo(new CpuLimit(1_000, 1_000_000));
    }

    @Test
    void comparesAcrossPeriods() {
        assertThat(CpuLimit.ofMilliCpus(9L).exceeds(CpuLimit.ofMilliCpus(10L))).isFalse();
        assertThat(CpuLimit.ofMilliCpus(11L).exceeds(CpuLimit.ofMilliCpus(9L))).isTrue();
        assertThat(CpuLimit.UNLIMITED.exceeds(CpuLimit.ofMilliCpus(9L))).isTrue();
        assertThat(CpuLimit.UNLIMITED.exceeds(CpuLimit.UNLIMITED)).isFalse();
    }

    @Test
    void convertsWeightsToSharesAsRuntimesDoTheReverse() {
        for (long weight : new long[] {1, 39, 100, 5000, 10_000}) {
            long shares = CpuLimit.sharesOfWeight(weight);
            long back = 1 + (shares - 2) * 9_999 / 262_142;
            assertThat(back).isBetween(weight - 1, weight);
        }
        assertThat(CpuLimit.sharesOfWeight(1)).isEqualTo(2);
        assertThat(CpuLimit.sharesOfWeight(10_000)).isEqualTo(262_144);
    }

    @Test
    void refusesWeightsOutsideTheRange() {
        assertThat(CpuLimit.weight(null)).isEqualTo(100);
        assertThatThrownBy(() -> CpuLimit.weight(10_001L))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("10001");
    }
}
