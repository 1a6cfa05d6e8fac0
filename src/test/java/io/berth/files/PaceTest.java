package io.berth.files;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How slow an upload may be. */
class PaceTest {

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Pace pace = new Pace(1000, now::get);

    @Test
    void endsWhatTricklesButNotWhatIsShort() {
        now.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertThatCode(() -> pace.check(1)).doesNotThrowAnyException();
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThatCode(() -> pace.check(10_000)).doesNotThrowAnyException();
        assertThatThrownBy(() -> pace.check(9_999))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("9999 bytes in 70 s");
    }
}
