package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.OutputStreamKind;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutputRingTest {

    private static final int BOUND = 256 << 10;

    private final OutputRing ring = new OutputRing(BOUND);

    @Test
    void doesNotKnowWhereItIsBeforeTheFirstOutput() {
        assertThat(ring.isPlaced()).isFalse();
        ring.append(OutputStreamKind.STDOUT, 500, ByteBuffer.allocate(3));
        assertThat(ring.isPlaced()).isTrue();
        assertThat(ring.start()).isEqualTo(500);
        assertThat(ring.end()).isEqualTo(503);
    }

    @Test
    void givesBackEveryByteItHoldsWithItsKind() {
        Random random = new Random(7);
        byte[] all = new byte[4 << 20];
        OutputStreamKind[] kinds = new OutputStreamKind[all.length];
        random.nextBytes(all);
        int written = 0;
        while (written < all.length) {
            int length = Math.min(all.length - written, 1 + random.nextInt(random.nextBoolean() ? 10 : 90_000));
            OutputStreamKind kind = random.nextInt(4) == 0 ? OutputStreamKind.STDERR : OutputStreamKind.STDOUT;
            ring.append(kind, written, ByteBuffer.wrap(all, written, length));
            java.util.Arrays.fill(kinds, written, written + length, kind);
            written += length;
            assertThat(ring.end()).isEqualTo(written);
        }
        long at = ring.start();
        assertThat(at).isGreaterThan(all.length - BOUND);
        for (OutputRing.@Nullable Slice slice = ring.read(at); slice != null; slice = ring.read(at)) {
            assertThat(slice.offset()).isEqualTo(at);
            for (int i = 0; i < slice.length(); i++) {
                assertThat(slice.array()[slice.from() + i]).isEqualTo(all[(int) at + i]);
                assertThat(slice.kind()).isEqualTo(kinds[(int) at + i]);
            }
            at = slice.end();
        }
        assertThat(at).isEqualTo(all.length);
    }

    @Test
    void staysWithinItsBoundWhenKindsAlternate() {
        for (int i = 0; i < 100_000; i++) {
            ring.append(
                    i % 2 == 0 ? OutputStreamKind.STDOUT : OutputStreamKind.STDERR, i, ByteBuffer.wrap(new byte[1]));
        }
        // each byte costs a segment of its own here, and those are counted
        assertThat(ring.end() - ring.start()).isLessThan(BOUND / 1024 + 1);
    }

    @Test
    void goesOnAfterAGap() {
        ring.append(OutputStreamKind.STDOUT, 0, ByteBuffer.wrap(new byte[10]));
        ring.skipTo(100);
        assertThat(ring.read(100)).isNull();
        ring.append(OutputStreamKind.STDOUT, 100, ByteBuffer.wrap(new byte[5]));
        assertThat(ring.start()).isEqualTo(100);
        assertThat(ring.end()).isEqualTo(105);
    }
}
