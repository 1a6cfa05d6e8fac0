package io.berth.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

    @Test
    void percentilesAreByNearestRank() {
        Samples samples = new Samples(
                IntStream.rangeClosed(1, 200).mapToDouble(i -> 201 - i).toArray());
        assertThat(samples.percentile(50)).isEqualTo(100);
        assertThat(samples.percentile(95)).isEqualTo(190);
        assertThat(samples.percentile(99)).isEqualTo(198);
    }

    @Test
    void aSingleValueIsEveryPercentile() {
        assertThat(new Samples(new double[] {7}).percentile(99)).isEqualTo(7);
    }

    @Test
    void moreOfThemCountLikeThese() {
        Samples both = new Samples(new double[] {3, 9}).and(new Samples(new double[] {1, 5, 7}));
        assertThat(both.sorted()).containsExactly(1, 3, 5, 7, 9);
    }
}
