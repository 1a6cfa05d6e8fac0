package io.berth.engine.stdio;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayRingTest {

    private static final int MIB = 1 << 20;

    private final ReplayRing ring = new ReplayRing();
    private final List<String> heard = new ArrayList<>();
    private long end;
    private long replayed;

    @Test
    void replaysFromTheMiddle() {
        add(OutputStreamKind.STDOUT, "abc");
        add(OutputStreamKind.STDERR, "def");

        replay(2);

        assertThat(heard).containsExactly("STDOUT 2 c", "STDERR 3 def");
    }

    @Test
    void replaysNothingFromTheEnd() {
        add(OutputStreamKind.STDOUT, "abc");

        replay(3);

        assertThat(heard).isEmpty();
    }

    @Test
    void tellsWhatIsLostAndKeepsTheRestWithoutAGap() {
        for (int i = 0; i < 100; i++) {
            addQuietly(OutputStreamKind.STDOUT, 100_000);
        }

        replay(0);

        assertThat(heard.get(0)).isEqualTo("lost " + (end - replayed));
        assertThat(replayed).isBetween(800_000L, (long) MIB);
    }

    @Test
    void boundsTheMemoryOfAStreamThatAlternatesByteByByte() {
        for (int i = 0; i < MIB; i++) {
            addQuietly(OutputStreamKind.values()[i % 2], 1);
        }

        replay(0);

        assertThat(heard.get(0)).startsWith("lost ");
        assertThat(heard.size()).as("chunks").isLessThan(5000);
    }

    private void add(OutputStreamKind kind, String text) {
        ring.add(kind, end, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        end += text.length();
    }

    private void addQuietly(OutputStreamKind kind, int bytes) {
        ring.add(kind, end, ByteBuffer.allocate(bytes));
        end += bytes;
    }

    private void replay(long since) {
        ring.replay(since, end, new OutputListener() {
            @Override
            public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
                replayed += bytes.remaining();
                heard.add(kind + " " + offset + " " + StandardCharsets.UTF_8.decode(bytes));
            }

            @Override
            public void lost(long nextOffset) {
                heard.add("lost " + nextOffset);
            }

            @Override
            public void end() {}
        });
    }
}
