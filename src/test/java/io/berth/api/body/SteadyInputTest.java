package io.berth.api.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SteadyInputTest {

    private final byte[] buffer = new byte[64 << 10];
    private long now;

    /** A client that sends so many bytes after each pause. */
    private SteadyInput client(int bytes, Duration pause) {
        return new SteadyInput(
                new InputStream() {
                    @Override
                    public int read() {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) {
                        now += pause.toNanos();
                        return Math.min(bytes, length);
                    }
                },
                () -> now);
    }

    @Test
    void givesUpWhoDrips() throws IOException {
        SteadyInput drip = client(1, Duration.ofSeconds(10));
        assertThat(drip.read(buffer)).isEqualTo(1);
        assertThat(drip.read()).isZero();
        assertThatThrownBy(() -> drip.read(buffer))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REQUEST_TIMEOUT));
    }

    @Test
    void allowsPausesAndWaitsForASlowReader() throws IOException {
        SteadyInput pausing = client(60 << 10, Duration.ofSeconds(7));
        for (int i = 0; i < 20; i++) {
            assertThat(pausing.read(buffer)).isPositive();
            now += Duration.ofMinutes(5).toNanos();
        }
    }

    @Test
    void givesUpWhoSendsHalfTheRate() throws IOException {
        SteadyInput slow = client(8 << 10, Duration.ofSeconds(2));
        for (int i = 0; i < 14; i++) {
            assertThat(slow.read(buffer)).isPositive();
        }
        assertThatThrownBy(() -> slow.read(buffer)).isInstanceOf(BerthException.class);
    }
}
