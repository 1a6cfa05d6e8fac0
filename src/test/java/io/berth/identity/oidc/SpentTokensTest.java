package io.berth.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SpentTokensTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;

    private final InstantSource source = () -> now;
    private final SpentTokens spent = new SpentTokens(source.withZone(ZoneOffset.UTC));

    private boolean spend(String id) {
        return spent.spend(id, START.plusSeconds(60));
    }

    @Test
    void aTokenIsSpentOnceUntilItLapses() {
        assertThat(spend("a")).isTrue();
        assertThat(spend("a")).isFalse();
        assertThat(spend("b")).isTrue();
        now = START.plus(Duration.ofSeconds(59));
        assertThat(spend("a")).isFalse();
        now = START.plus(Duration.ofSeconds(60));
        assertThat(spend("a")).isTrue();
    }

    @Test
    void whatCouldNotBeUsedMayComeAgain() {
        assertThat(spend("a")).isTrue();
        spent.restore("a");
        assertThat(spend("a")).isTrue();
    }

    @Test
    void forgetsTheOldestOfTooMany() {
        for (int i = 0; i <= SpentTokens.MOST; i++) {
            assertThat(spend("token-" + i)).isTrue();
        }
        assertThat(spend("token-" + SpentTokens.MOST)).isFalse();
        assertThat(spend("token-1")).isFalse();
        assertThat(spend("token-0")).isTrue();
    }
}
