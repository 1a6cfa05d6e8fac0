package io.berth.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.Exit;
import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import io.berth.engine.ProcessStream;
import io.berth.engine.TerminalSize;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random schedules of output, reads, late and slow clients and takeovers, all on one thread and so repeatable. */
class StreamHubTest {

    private static final int RING = 1 << 20;

    private final StubStream stream = new StubStream();
    private final StreamHub hub = new StreamHub(stream, RING, 100, false);
    private final List<Reader> readers = new ArrayList<>();
    private @Nullable Reader writer;
    private long produced;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyClientGetsEveryByteOrIsToldWhatItLost(long seed) {
        Random random = new Random(seed);
        hub.start(0);
        while (produced < 20 << 20) {
            switch (random.nextInt(12)) {
                case 0 -> join(random);
                case 1 -> {
                    if (readers.size() > 1 && random.nextInt(4) == 0) {
                        leave(readers.get(random.nextInt(readers.size())));
                    }
                }
                case 2, 3, 4, 5, 6 -> produce(random);
                default -> {
                    if (!readers.isEmpty()) {
                        readers.get(random.nextInt(readers.size())).read(1 + random.nextInt(8));
                    }
                }
            }
        }
        stream.exit.complete(new Exit(0, false, Instant.EPOCH));
        for (Reader reader : readers) {
            reader.read(Integer.MAX_VALUE);
            assertThat(reader.next).isEqualTo(produced);
            assertThat(reader.seat().end()).isNotNull();
        }
        assertThat(stream.paused).isFalse();
    }

    private void produce(Random random) {
        // like a process: it writes nothing more while nobody reads it
        if (stream.paused) {
            Reader leading = writer;
            assertThat(leading).as("only a writer stops the process").isNotNull();
            if (leading != null) {
                leading.read(Integer.MAX_VALUE);
            }
            assertThat(stream.paused)
                    .as("the process goes on when the writer has read")
                    .isFalse();
        }
        byte[] piece = new byte[1 + random.nextInt(random.nextInt(3) == 0 ? 64 << 10 : 100)];
        for (int i = 0; i < piece.length; i++) {
            piece[i] = at(produced + i);
        }
        OutputStreamKind kind = kindAt(produced, random);
        hub.output(kind, produced, ByteBuffer.wrap(piece));
        produced += piece.length;
    }

    private static OutputStreamKind kindAt(long offset, Random random) {
        return random.nextInt(5) == 0 ? OutputStreamKind.STDERR : OutputStreamKind.STDOUT;
    }

    private static byte at(long offset) {
        return (byte) (offset * 31 + offset / 251);
    }

    private void join(Random random) {
        if (readers.size() > 5) {
            return;
        }
        boolean writes = writer == null || random.nextInt(3) == 0;
        long since = random.nextInt(3) == 0 ? -1 : produced == 0 ? 0 : random.nextLong(produced);
        Reader reader = new Reader(writes, since);
        reader.seat = hub.join(
                        reader,
                        new StreamHubs.Wish("reader", writes ? Role.WRITER : Role.VIEWER, WhenTaken.TAKE_OVER, since))
                .orElseThrow();
        readers.add(reader);
        if (writes) {
            if (writer != null) {
                assertThat(writer.demoted).isTrue();
            }
            writer = reader;
        }
    }

    private void leave(Reader reader) {
        readers.remove(reader);
        hub.leave(reader.seat());
        if (writer == reader) {
            writer = null;
        }
    }

    @Test
    void namesTheWriterThenWhoeverAsksThenTheOthersAndNotMoreThanTwenty() {
        seat("first", Role.VIEWER);
        StreamHub.Seat writer = seat("writer", Role.WRITER);
        assertThat(writer.presence().attached())
                .containsExactly(
                        new Participant("writer", Role.WRITER, true), new Participant("first", Role.VIEWER, false));
        for (int i = 0; i < 30; i++) {
            seat("viewer " + i, Role.VIEWER);
        }
        StreamHub.Seat last = seat("last", Role.VIEWER);
        Presence presence = last.presence();
        assertThat(presence.clients()).isEqualTo(33);
        assertThat(presence.attached()).hasSize(Presence.MOST_NAMED);
        assertThat(presence.attached().subList(0, 4))
                .containsExactly(
                        new Participant("writer", Role.WRITER, false),
                        new Participant("last", Role.VIEWER, true),
                        new Participant("first", Role.VIEWER, false),
                        new Participant("viewer 0", Role.VIEWER, false));
    }

    private StreamHub.Seat seat(String name, Role role) {
        StreamHubs.Wish wish = new StreamHubs.Wish(name, role, WhenTaken.TAKE_OVER, -1);
        return hub.join(new Reader(role == Role.WRITER, -1), wish).orElseThrow();
    }

    private static final class Reader implements HubClient {
        private final boolean writes;
        private final long since;
        private StreamHub.@Nullable Seat seat;
        private long next = -1;
        private boolean demoted;

        Reader(boolean writes, long since) {
            this.writes = writes;
            this.since = since;
        }

        StreamHub.Seat seat() {
            if (seat == null) {
                throw new IllegalStateException("not seated");
            }
            return seat;
        }

        void read(int most) {
            for (int i = 0; i < most; i++) {
                StreamHub.Delivery delivery = seat().next();
                if (delivery == null) {
                    return;
                }
                OutputRing.Slice slice = delivery.slice();
                if (next < 0) {
                    assertThat(delivery.moved()).isTrue();
                    if (since >= 0) {
                        assertThat(slice.offset() - delivery.lost()).isEqualTo(since);
                    }
                } else if (delivery.moved()) {
                    assertThat(slice.offset() - delivery.lost()).isEqualTo(next);
                    assertThat(writes && !demoted).as("a writer loses nothing").isFalse();
                } else {
                    assertThat(slice.offset()).isEqualTo(next);
                }
                for (int b = 0; b < slice.length(); b++) {
                    if (slice.array()[slice.from() + b] != at(slice.offset() + b)) {
                        throw new AssertionError("wrong byte at " + (slice.offset() + b));
                    }
                }
                next = slice.end();
            }
        }

        @Override
        public void outputAvailable() {}

        @Override
        public void becameViewer() {
            demoted = true;
        }

        @Override
        public void presenceChanged() {}

        @Override
        public void close(CloseCode code, String reason) {}
    }

    private static final class StubStream implements ProcessStream {
        private final CompletableFuture<Exit> exit = new CompletableFuture<>();
        private boolean paused;

        @Override
        public void listen(long since, OutputListener listener) {}

        @Override
        public void pause() {
            paused = true;
        }

        @Override
        public void resume() {
            paused = false;
        }

        @Override
        public CompletionStage<Void> write(ByteBuffer bytes) {
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void closeInput() {}

        @Override
        public void resize(TerminalSize size) {}

        @Override
        public CompletionStage<Exit> exit() {
            return exit;
        }

        @Override
        public void close() {}
    }
}
