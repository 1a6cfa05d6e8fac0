package io.berth.engine.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.syscall.DescriptorPlan.Copy;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DescriptorPlanTest {

    @Test
    void givesDevNullForStandardNumbersThatNobodyNamed() {
        DescriptorPlan plan = DescriptorPlan.of(new TreeMap<>(Map.of(1, 40)));

        assertThat(plan.copies()).containsExactly(new Copy(40, 1));
        assertThat(plan.devNull()).containsExactly(0, 2);
        assertThat(plan.closed()).isEmpty();
        assertThat(plan.closeFrom()).isEqualTo(3);
    }

    @Test
    void movesSwappedNumbersOutOfTheWayFirst() {
        DescriptorPlan plan = DescriptorPlan.of(new TreeMap<>(Map.of(3, 4, 4, 3)));

        assertThat(plan.copies()).containsExactly(new Copy(4, 5), new Copy(3, 6), new Copy(5, 3), new Copy(6, 4));
        assertThat(plan.closeFrom()).isEqualTo(5);
    }

    @Test
    void copiesAnEqualNumberOntoItselfToClearCloseOnExec() {
        assertThat(DescriptorPlan.of(new TreeMap<>(Map.of(7, 7))).copies()).containsExactly(new Copy(7, 7));
    }

    @Test
    void closesGapsBelowTheHighestNumberTemporariesIncluded() {
        DescriptorPlan plan = DescriptorPlan.of(new TreeMap<>(Map.of(3, 8, 8, 3)));

        assertThat(plan.closed()).containsExactly(4, 5, 6, 7);
        assertThat(plan.closeFrom()).isEqualTo(9);
    }

    @Test
    void movesASourceThatDevNullWouldOverwrite() {
        DescriptorPlan plan = DescriptorPlan.of(new TreeMap<>(Map.of(3, 0)));

        assertThat(plan.copies()).containsExactly(new Copy(0, 4), new Copy(4, 3));
        assertThat(plan.devNull()).containsExactly(0, 1, 2);
    }

    @Test
    void movesASourceOfSeveralNumbersOnce() {
        DescriptorPlan plan = DescriptorPlan.of(new TreeMap<>(Map.of(1, 2, 2, 50, 3, 2)));

        assertThat(plan.copies()).containsExactly(new Copy(2, 4), new Copy(4, 1), new Copy(50, 2), new Copy(4, 3));
    }
}
