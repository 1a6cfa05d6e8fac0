package io.berth.engine.stdio;

import static io.berth.engine.OutputStreamKind.STDERR;
import static io.berth.engine.OutputStreamKind.STDOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.Exit;
import io.berth.engine.OutputStreamKind;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConmonStreamTest {

    private static final long SIZE_MAX = 2 << 20;
    private static final Exit DONE = new Exit(0, false, Instant.EPOCH);

    @TempDir
    Path directory;

    private final Syscalls syscalls = new JnrSyscalls();
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private final Connections connections = new Connections(exit);
    private final List<ConmonStream> streams = new ArrayList<>();
    private EventLoop loop;
    private LogWatcher watcher;
    private ContainerLog log;
    private FakeConmon conmon;

    @BeforeEach
    void start() throws IOException {
        loop = new EventLoop(syscalls);
        watcher = new LogWatcher();
        log = ContainerLog.prepare(directory.resolve("log"), SIZE_MAX);
        watcher.watch(log);
        conmon = new FakeConmon(log, directory, SIZE_MAX);
    }

    @AfterEach
    void stop() throws IOException {
        streams.forEach(ConmonStream::close);
        conmon.close();
        watcher.forget(log);
        watcher.close();
        loop.close();
    }

    private ConmonStream connect(boolean fresh) throws IOException {
        ConmonStream stream = ConmonStream.connect(syscalls, loop, log, directory, connections, fresh);
        streams.add(stream);
        return stream;
    }

    /** Hears {@code go}, and then pauses. */
    private RecordingListener listenToGoAndPause(ConmonStream stream) throws Exception {
        RecordingListener listener = new RecordingListener() {
            @Override
            void heard(OutputStreamKind kind, long offset, byte[] copy) {
                if (offset == 0) {
                    stream.pause();
                }
            }
        };
        stream.listen(0, listener);
        emit("go\n");
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("go\n"));
        return listener;
    }

    private void emit(String text) throws IOException {
        conmon.emit(STDOUT, text.getBytes(UTF_8));
    }

    private void end() throws IOException {
        conmon.close();
        exit.complete(DONE);
    }

    @Test
    void deliversEverythingToAConnectionMadeBeforeTheStart() throws IOException {
        ConmonStream stream = connect(true);
        emit("hello ");
        conmon.emit(STDERR, "oops\n".getBytes(UTF_8));
        emit("world\n");
        RecordingListener listener = new RecordingListener();
        stream.listen(0, listener);
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("hello oops\nworld\n"));
        assertThat(listener.firstOffset()).isZero();
        assertThat(stream.exit().toCompletableFuture()).isNotDone();
        end();
        await().untilAsserted(
                        () -> assertThat(stream.exit().toCompletableFuture()).isCompletedWithValue(DONE));
        assertThat(listener.ended()).isTrue();
        assertThat(listener.wrong()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void replaysFromAnOffset(boolean fresh) throws IOException {
        ConmonStream stream = connect(fresh);
        conmon.accept();
        emit("0123");
        emit("45\n789");
        RecordingListener listener = new RecordingListener();
        stream.listen(5, listener);
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("5\n789"));
        assertThat(listener.firstOffset()).isEqualTo(5);
        emit("abc");
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("5\n789abc"));
        assertThat(listener.losses()).isEmpty();
    }

    @Test
    void goesOnByTheSocketOnceItIsKnownWhereThatStands() throws IOException {
        emit("before\n");
        ConmonStream stream = connect(false);
        RecordingListener listener = new RecordingListener();
        stream.listen(0, listener);
        emit("between");
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("before\nbetween"));
        watcher.forget(log);
        Files.delete(log.liveFile()); // whoever still reads the log cannot go on
        emit("after\n");
        conmon.emit(STDERR, "oops".getBytes(UTF_8));
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("before\nbetweenafter\noops"));
        assertThat(listener.wrong()).isEmpty();
        assertThat(listener.losses()).isEmpty();
    }

    @Test
    void staysWithTheLogIfItMayHaveMissedAMessage() throws IOException {
        emit("a");
        ConmonStream stream = connect(false);
        conmon.emitToAccepted(STDOUT, "b".getBytes(UTF_8));
        RecordingListener listener = new RecordingListener();
        stream.listen(0, listener);
        StringBuilder expected = new StringBuilder("ab");
        for (int i = 0; i < 50; i++) {
            emit("line " + i + "\n");
            expected.append("line ").append(i).append('\n');
            await().untilAsserted(() -> assertThat(listener.text()).isEqualTo(expected.toString()));
        }
        assertThat(listener.wrong()).isEmpty();
    }

    @Test
    void beginsWithWhatComesNextForANegativeOffset() throws IOException {
        emit("before");
        ConmonStream stream = connect(false);
        RecordingListener listener = new RecordingListener();
        stream.listen(-1, listener);
        emit("after");
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("after"));
        assertThat(listener.firstOffset()).isEqualTo(6);
    }

    @Test
    void replaysAtMostAMebibyteAndSaysWhatIsLost() throws IOException {
        byte[] chunk = "x".repeat(8000).getBytes(UTF_8);
        for (int i = 0; i < 200; i++) {
            conmon.emit(STDOUT, chunk);
        }
        RecordingListener listener = new RecordingListener();
        connect(false).listen(7, listener);
        long oldest = 200 * 8000 - ConmonStream.REPLAY_BYTES;
        await().untilAsserted(() -> assertThat(listener.nextOffset()).isEqualTo(200 * 8000));
        assertThat(listener.losses()).containsExactly(oldest);
        assertThat(listener.firstOffset()).isEqualTo(oldest);
        assertThat(listener.wrong()).isEmpty();
    }

    @Test
    void replaysTheLogOfAProcessThatHasEnded() throws IOException {
        emit("last words");
        end();
        ConmonStream stream = connect(false);
        RecordingListener listener = new RecordingListener();
        stream.listen(0, listener);
        await().untilAsserted(
                        () -> assertThat(stream.exit().toCompletableFuture()).isCompletedWithValue(DONE));
        assertThat(listener.text()).isEqualTo("last words");
        assertThat(listener.ended()).isTrue();
        assertThat(stream.write(ByteBuffer.wrap(new byte[1])).toCompletableFuture())
                .failsWithin(java.time.Duration.ofSeconds(5));
    }

    @Test
    void repeatsNothingWhenConmonWasHeldUpBetweenTheLogAndTheSocket() throws IOException {
        ConmonStream stream = connect(false);
        RecordingListener listener = new RecordingListener();
        conmon.accept();
        conmon.heldUp = () -> {
            // quiet in every respect that can be seen from outside, and yet a chunk is on its way
            stream.listen(0, listener);
            await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("same"));
            conmon.heldUp = () -> {};
        };
        emit("same");
        emit("same");
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("samesame"));
        end();
        await().until(listener::ended);
        assertThat(listener.text()).isEqualTo("samesame");
        assertThat(listener.wrong()).isEmpty();
    }

    @Test
    void doesNotHoldUpAProcessThatNobodyListensTo() throws IOException {
        connect(false);
        byte[] chunk = new byte[8192];
        for (int i = 0; i < 500; i++) {
            conmon.emit(STDOUT, chunk);
        }
        assertThat(log.end()).isEqualTo(500 * 8192);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopsTheProcessWhilePausedAndLosesNothing(boolean fresh) throws Exception {
        ConmonStream stream = connect(fresh);
        RecordingListener listener = listenToGoAndPause(stream);
        AtomicInteger chunks = new AtomicInteger();
        byte[] chunk = "a".repeat(8192).getBytes(UTF_8);
        Thread process = new Thread(() -> {
            try {
                for (int i = 0; i < 300; i++) {
                    conmon.emit(STDOUT, chunk);
                    chunks.incrementAndGet();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        process.start();
        await().until(() -> process.getState() == Thread.State.RUNNABLE
                && chunks.get() > 3
                && chunks.get() == stillAfterAWhile(chunks));
        assertThat(chunks.get()).isLessThan(300);
        assertThat(listener.calls()).isEqualTo(1);
        stream.resume();
        process.join();
        await().untilAsserted(() -> assertThat(listener.nextOffset()).isEqualTo(3 + 300 * 8192));
        assertThat(listener.wrong()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lostNothingToAPauseThatLastsLongerThanTheProcess(boolean fresh) throws Exception {
        ConmonStream stream = connect(fresh);
        RecordingListener listener = listenToGoAndPause(stream);
        connections.begin(Runnable::run); // and ends
        byte[] chunk = "a".repeat(8192).getBytes(UTF_8);
        for (int i = 0; i < 100; i++) {
            conmon.emit(STDOUT, chunk); // would wait for the reader
        }
        end();
        assertThat(listener.calls()).isEqualTo(1);
        stream.resume();
        await().until(listener::ended);
        assertThat(listener.nextOffset()).isEqualTo(3 + 100 * 8192);
        assertThat(listener.wrong()).isEmpty();
        assertThat(listener.losses()).isEmpty();
    }

    private static int stillAfterAWhile(AtomicInteger count) {
        LockSupport.parkNanos(50_000_000);
        return count.get();
    }

    @Test
    void sendsInputInMessagesThatConmonCanTake() throws Exception {
        ConmonStream stream = connect(true);
        byte[] input = new byte[300_000];
        new Random(5).nextBytes(input);
        CompletionStage<Void> empty = stream.write(ByteBuffer.allocate(0));
        CompletionStage<Void> first = stream.write(ByteBuffer.wrap(input, 0, 200_000));
        CompletionStage<Void> second = stream.write(ByteBuffer.wrap(input, 200_000, 100_000));
        stream.closeInput();
        assertThat(empty.toCompletableFuture()).isDone();
        ByteBuffer received = ByteBuffer.allocate(input.length);
        AtomicBoolean ended = new AtomicBoolean();
        await().until(() -> {
            byte[] message;
            while (!ended.get() && (message = conmon.receive()) != null) {
                assertThat(message.length).isLessThanOrEqualTo(32768);
                received.put(message);
                ended.set(message.length == 0);
            }
            return ended.get();
        });
        assertThat(received.array()).isEqualTo(input);
        assertThat(first.toCompletableFuture()).isCompleted();
        assertThat(second.toCompletableFuture()).isCompleted();
        CompletableFuture<Void> late =
                stream.write(ByteBuffer.wrap(input, 0, 1)).toCompletableFuture();
        await().until(late::isCompletedExceptionally);
        // output goes on
        RecordingListener listener = new RecordingListener();
        stream.listen(0, listener);
        emit("bye");
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("bye"));
    }

    @Test
    void boundsTheInputUnderWay() throws IOException {
        ConmonStream stream = connect(true);
        List<CompletableFuture<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            writes.add(stream.write(ByteBuffer.allocate(100_000)).toCompletableFuture());
        }
        await().until(() -> writes.get(19).isCompletedExceptionally());
        stream.close();
        await().until(() -> writes.stream().allMatch(CompletableFuture::isDone));
    }

    @Test
    void hasOneListener() throws IOException {
        ConmonStream stream = connect(true);
        stream.listen(0, new RecordingListener());
        assertThatThrownBy(() -> stream.listen(0, new RecordingListener())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void canBeClosedByItsListener() throws IOException {
        ConmonStream stream = connect(false);
        RecordingListener listener = new RecordingListener() {
            @Override
            void heard(OutputStreamKind kind, long offset, byte[] copy) {
                stream.close();
            }
        };
        stream.listen(0, listener);
        emit("one");
        await().untilAsserted(() -> assertThat(listener.text()).isEqualTo("one"));
        emit("two");
        emit("three");
        exit.complete(DONE);
        await().until(() -> stream.exit().toCompletableFuture().isDone());
        assertThat(listener.text()).isEqualTo("one");
    }

    /** Streams come at random moments of a random output, from random offsets, and pause at random. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isExactToTheByteWheneverItConnects(long seed) throws Exception {
        Random random = new Random(seed);
        RandomOutput output = new RandomOutput(random);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        List<RandomFollower> followers = new ArrayList<>();
        followers.add(new RandomFollower(0, connect(true), output, random.nextLong()));
        Thread process = new Thread(() -> {
            try {
                output.emitAll(conmon);
            } catch (Throwable e) {
                failed.set(e);
            }
        });
        process.start();
        for (int i = 0; i < 8; i++) {
            LockSupport.parkNanos(random.nextInt(40_000_000));
            long since = random.nextInt(4) == 0 ? -1 : (long) (random.nextDouble() * log.end());
            followers.add(new RandomFollower(since, connect(false), output, random.nextLong()));
        }
        process.join();
        end();
        for (RandomFollower follower : followers) {
            await().atMost(java.time.Duration.ofSeconds(30)).until(follower::ended);
            assertThat(follower.wrong()).isEmpty();
            assertThat(follower.nextOffset()).isIn(output.length(), follower.nothingHeard());
            assertThat(follower.losses()).hasSizeLessThanOrEqualTo(1);
        }
        assertThat(failed.get()).isNull();
        assertThat(log.end()).isEqualTo(output.length());
        assertThat(log.generations()).hasSize(2);
    }
}
