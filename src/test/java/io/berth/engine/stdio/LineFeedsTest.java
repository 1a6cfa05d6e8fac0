package io.berth.engine.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LineFeedsTest {

    private static final long SEED = 7;

    /** Bytes beside a line feed's are what arithmetic on several at once gets wrong, the top bit's too. */
    private static final byte[] NEAR = {'\n' - 1, '\n', '\n' + 1, 0, -1, '\n' - 0x80, 1, -0x80};

    @Test
    void findsTheFirstAndTheLastWhereverTheyAre() {
        Random random = new Random(SEED);
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = new byte[random.nextInt(120)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextInt(4) == 0 ? NEAR[random.nextInt(NEAR.length)] : (byte) 'x';
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            int first = -1;
            int last = -1;
            for (int i = from; i < to; i++) {
                if (bytes[i] == '\n') {
                    first = first < 0 ? i : first;
                    last = i;
                }
            }
            assertThat(LineFeeds.next(bytes, from, to)).isEqualTo(first);
            assertThat(LineFeeds.last(bytes, from, to)).isEqualTo(last);
        }
    }
}
