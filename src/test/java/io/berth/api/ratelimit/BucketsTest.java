package io.berth.api.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private final AtomicLong now = new AtomicLong(-5_000_000_000L);
    private final Buckets<String> buckets = new Buckets<>(100, now::get);

    @Test
    void holdsAMinutesWorthAndFillsEvenly() {
        for (int i = 4; i >= 0; i--) {
            assertThat(buckets.take("a", 5))
                    .matches(Buckets.State::granted)
                    .returns((long) i, Buckets.State::remaining);
        }
        Buckets.State refused = buckets.take("a", 5);
        assertThat(refused.granted()).isFalse();
        assertThat(RequestLimits.seconds(refused.nanosToNext())).isEqualTo(12);
        pass(12);
        assertThat(buckets.take("a", 5).granted()).isTrue();
        assertThat(buckets.take("a", 5).granted()).isFalse();
        pass(120);
        assertThat(buckets.look("a", 5).remaining()).isEqualTo(5);
    }

    @Test
    void aRefusalTakesNothing() {
        buckets.take("a", 1);
        IntStream.range(0, 100)
                .forEach(i -> assertThat(buckets.take("a", 1).granted()).isFalse());
        pass(60);
        assertThat(buckets.take("a", 1).granted()).isTrue();
    }

    @Test
    void looksWithoutTaking() {
        assertThat(buckets.look("a", 3).remaining()).isEqualTo(3);
        buckets.take("a", 3);
        assertThat(buckets.look("a", 3).remaining()).isEqualTo(2);
        assertThat(buckets.look("a", 3).remaining()).isEqualTo(2);
    }

    @Test
    void countsEachForItself() {
        buckets.take("a", 1);
        assertThat(buckets.take("a", 1).granted()).isFalse();
        assertThat(buckets.take("b", 1).granted()).isTrue();
    }

    @Test
    void isBounded() {
        for (int i = 0; i < 10_000; i++) {
            buckets.take("k" + i, 10);
            assertThat(buckets.size()).isLessThanOrEqualTo(100);
        }
        pass(60);
        buckets.take("last", 10);
        assertThat(buckets.size()).isEqualTo(1);
    }

    @Test
    void takesANetworkOfIpv6ForOneAddress() {
        assertThat(Credential.network("2001:db8::1")).isEqualTo(Credential.network("2001:db8:0:0:ffff::2"));
        assertThat(Credential.network("2001:db8::1")).isNotEqualTo(Credential.network("2001:db8:0:1::1"));
        assertThat(Credential.network("10.0.0.1")).isNotEqualTo(Credential.network("10.0.0.2"));
    }

    private void pass(long seconds) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }
}
