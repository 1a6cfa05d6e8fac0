package io.berth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RefusalLimitTest {

    private Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @Test
    void letsOneOriginNotHideAnother() {
        RefusalLimit limit = new RefusalLimit(clock, 3, 100);
        for (int i = 0; i < 50; i++) {
            assertThat(limit.admit("flood").isPresent()).isEqualTo(i < 3);
        }
        assertThat(limit.admit("quiet")).hasValue(47);
        assertThat(limit.admit("quiet")).hasValue(0);
    }

    @Test
    void boundsAllOfThemTogether() {
        RefusalLimit limit = new RefusalLimit(clock, 10, 100);
        long admitted = 0;
        for (int i = 0; i < 5000; i++) {
            admitted += limit.admit("origin" + i).isPresent() ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(100);
    }
}
