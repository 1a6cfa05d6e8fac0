package io.berth.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void letsSoManyThroughInASecondAndSavesNothingUp() throws InterruptedException {
        Pace pace = new Pace(1000);
        Thread.sleep(200);
        long begin = System.nanoTime();
        for (int i = 0; i < 300; i++) {
            pace.next();
        }
        assertThat(System.nanoTime() - begin).isGreaterThan(270_000_000L);
    }
}
