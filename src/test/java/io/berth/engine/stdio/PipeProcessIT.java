package io.berth.engine.stdio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException;
import io.berth.engine.Exit;
import io.berth.engine.OutputListener;
import io.berth.engine.OutputStreamKind;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.RecordingSyscalls;
import io.berth.engine.syscall.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PipeProcessIT {

    private static final int ROUND_TRIP = 64 << 20;
    private static final int PIECE = 64 << 10;
    private static final long SEED = 1;
    private static final int CHILDREN = 200;

    private final Syscalls syscalls = new JnrSyscalls();
    private EventLoop loop;

    @BeforeEach
    void startLoop() throws Exception {
        loop = new EventLoop(syscalls);
    }

    @AfterEach
    void stopLoop() {
        loop.close();
    }

    @Test
    void tellsOutputByKindAndTheExit() throws Exception {
        Collected collected = new Collected();
        PipeProcess process = sh("printf out; printf error >&2; exit 3", false);

        process.listen(0, collected);

        assertThat(exitOf(process).code()).isEqualTo(3);
        assertThat(collected.stdout.toString()).isEqualTo("out");
        assertThat(collected.stderr.toString()).isEqualTo("error");
        assertThat(collected.ends).isEqualTo(1);
    }

    @Test
    void tells128AndTheSignal() throws Exception {
        PipeProcess process = sh("kill -TERM $$", false);
        process.listen(0, new Collected());

        assertThat(exitOf(process).code()).isEqualTo(143);
    }

    @Test
    void carriesInputThereAndBackByteForByte() throws Exception {
        Expected expected = new Expected();
        PipeProcess process = start(List.of("cat"), true);
        process.listen(0, expected);

        Random sent = new Random(SEED);
        byte[] piece = new byte[PIECE];
        for (int at = 0; at < ROUND_TRIP; at += PIECE) {
            sent.nextBytes(piece);
            process.write(ByteBuffer.wrap(piece)).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        process.closeInput();

        assertThat(exitOf(process).code()).isZero();
        assertThat(expected.different).isZero();
        assertThat(expected.received).isEqualTo(ROUND_TRIP);
    }

    /** Compares what comes with what was sent, and keeps neither. */
    private static final class Expected implements OutputListener {
        private final Random sent = new Random(SEED);
        private final byte[] piece = new byte[PIECE];
        int different;
        int received;

        @Override
        public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
            for (; bytes.hasRemaining(); received++) {
                if (received % PIECE == 0) {
                    sent.nextBytes(piece);
                }
                if (bytes.get() != piece[received % PIECE]) {
                    different++;
                }
            }
        }

        @Override
        public void lost(long nextOffset) {}

        @Override
        public void end() {}
    }

    @Test
    void throwsAwayWhatIsDiscardedAndTellsTheRest() throws Exception {
        Collected collected = new Collected();
        PipeProcess process = sh("head -c 100000000 /dev/zero; printf last; printf error >&2; exit 3", false);
        AtomicLong seen = new AtomicLong();
        process.listen(0, new OutputListener() {
            @Override
            public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
                if (kind == OutputStreamKind.STDOUT) {
                    seen.addAndGet(bytes.remaining());
                    process.discard(kind);
                } else {
                    collected.output(kind, offset, bytes);
                }
            }

            @Override
            public void lost(long nextOffset) {}

            @Override
            public void end() {
                collected.end();
            }
        });

        assertThat(exitOf(process).code()).isEqualTo(3);
        assertThat(collected.stderr.toString()).isEqualTo("error");
        assertThat(collected.ends).isEqualTo(1);
        assertThat(seen.get()).isPositive().isLessThanOrEqualTo(EventLoop.TURN_BYTES);
    }

    @Test
    void blocksTheProcessWhilePaused() throws Exception {
        AtomicLong seen = new AtomicLong();
        PipeProcess process = sh("echo $$; exec head -c 30000000 /dev/zero", false);
        CompletableFuture<Long> pid = new CompletableFuture<>();
        process.listen(0, new OutputListener() {
            @Override
            public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
                if (seen.getAndAdd(bytes.remaining()) == 0) {
                    process.pause();
                    String first = java.nio.charset.StandardCharsets.ISO_8859_1
                            .decode(bytes)
                            .toString();
                    pid.complete(Long.parseLong(first.substring(0, first.indexOf('\n'))));
                }
            }

            @Override
            public void lost(long nextOffset) {}

            @Override
            public void end() {}
        });

        Path state = Path.of("/proc/" + pid.get(10, TimeUnit.SECONDS) + "/wchan");
        await().until(() -> Files.readString(state).contains("pipe"));
        long whilePaused = seen.get();
        assertThat(process.exit().toCompletableFuture()).isNotDone();
        process.resume();

        assertThat(exitOf(process).code()).isZero();
        assertThat(whilePaused).isLessThan(1 << 20);
        assertThat(seen.get()).isGreaterThan(30_000_000L);
    }

    @Test
    void replaysWhatIsKeptAndTellsWhatIsLost() throws Exception {
        PipeProcess process = sh("head -c 3000000 /dev/zero; printf tail", false);
        process.listen(0, new Collected());
        exitOf(process);
        Collected again = new Collected();

        process.listen(0, again);
        onLoop(() -> {});

        assertThat(again.lost).hasSize(1);
        assertThat(again.lost.get(0) + again.stdout.size()).isEqualTo(3_000_004L);
        assertThat(again.stdout.size()).isLessThanOrEqualTo(1 << 20).isGreaterThan(800_000);
        assertThat(again.stdout.toString()).endsWith("tail");
        assertThat(again.ends).isEqualTo(1);
    }

    @Test
    void endsThoughADescendantKeepsThePipesOpen() throws Exception {
        Collected collected = new Collected();
        PipeProcess process = sh("sleep 30 & echo $!", false);
        process.listen(0, collected);

        assertThat(exitOf(process).code()).isZero();
        syscalls.kill(Integer.parseInt(collected.stdout.toString().strip()), 9);
    }

    @Test
    void goesOnWhenAListenerFails() throws Exception {
        goesOnAfter(() -> {
            throw new IllegalStateException("made to fail");
        });
        goesOnAfter(() -> {
            throw new OutOfMemoryError("made to fail");
        });
    }

    private void goesOnAfter(Runnable failure) throws Exception {
        PipeProcess process = sh("head -c 3000000 /dev/zero; exit 5", false);

        process.listen(0, new OutputListener() {
            @Override
            public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
                failure.run();
            }

            @Override
            public void lost(long nextOffset) {}

            @Override
            public void end() {}
        });

        assertThat(exitOf(process).code()).isEqualTo(5);
    }

    @Test
    void failsWritesOnceTheProcessHasEnded() throws Exception {
        PipeProcess process = start(List.of("true"), true);
        process.listen(0, new Collected());
        exitOf(process);

        assertThatThrownBy(() -> process.write(ByteBuffer.wrap(new byte[1]))
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS))
                .hasMessageContaining("closed");
    }

    /** As a runtime that finds that it cannot start what it was asked for. */
    @Test
    void whatNeverBeganEndsThoughNobodyListens() throws Exception {
        PipeProcess process = PipeProcess.start(
                loop,
                syscalls,
                syscalls,
                List.of("/bin/sh", "-c", "sleep 0.05; exit 3"),
                Map.of(),
                true,
                () -> false,
                code -> {
                    throw new EngineException(EngineException.Reason.COMMAND_NOT_FOUND, "exited with " + code);
                },
                signal -> {});
        assertThat(process.begun())
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .withMessage("exited with 3");
        assertThat(process.exit().toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void tellsThatItHasBegun() throws Exception {
        AtomicBoolean begun = new AtomicBoolean();
        PipeProcess process = PipeProcess.start(
                loop,
                syscalls,
                syscalls,
                List.of("/bin/cat"),
                Map.of(),
                true,
                begun::get,
                PipeProcessIT::exit,
                signal -> {});
        CompletableFuture<Void> told = process.begun().toCompletableFuture();
        assertThatThrownBy(() -> told.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        begun.set(true);
        assertThat(told).succeedsWithin(Duration.ofSeconds(10));
        process.close();
        assertThat(exitOf(process).code()).isZero();
    }

    @Test
    void runsManyAtOnceAndLeaksNothing() throws Exception {
        exitOf(listened(sh("true", true)));
        int before = descriptors();
        List<PipeProcess> processes = new ArrayList<>();
        for (int i = 0; i < CHILDREN; i++) {
            processes.add(listened(sh("exit " + i, true)));
        }

        for (int i = 0; i < CHILDREN; i++) {
            assertThat(exitOf(processes.get(i)).code()).isEqualTo(i);
        }
        await().until(() -> descriptors() <= before + 2);
    }

    @Test
    void leavesNothingWhenAnyStepOfTheStartFails() throws Exception {
        for (String step : List.of("pipe", "setNonBlocking", "setPipeSize", "spawn", "pidfdOpen")) {
            Syscalls failing =
                    RecordingSyscalls.of(syscalls).fail(step, 1, "EMFILE").syscalls();
            int before = descriptors();

            assertThatThrownBy(() -> PipeProcess.start(
                            loop,
                            failing,
                            failing,
                            List.of("sleep", "60"),
                            Map.of(),
                            true,
                            () -> true,
                            PipeProcessIT::exit,
                            signal -> {}))
                    .isInstanceOf(ErrnoException.class);

            assertThat(descriptors()).as(step).isEqualTo(before);
        }
    }

    private PipeProcess sh(String script, boolean stdin) throws ErrnoException {
        return start(List.of("/bin/sh", "-c", script), stdin);
    }

    private PipeProcess start(List<String> command, boolean stdin) throws ErrnoException {
        return PipeProcess.start(
                loop,
                syscalls,
                syscalls,
                command,
                Map.of("PATH", "/usr/bin:/bin"),
                stdin,
                () -> true,
                PipeProcessIT::exit,
                signal -> {});
    }

    private static PipeProcess listened(PipeProcess process) {
        process.listen(0, new Collected());
        return process;
    }

    private static Exit exit(int code) {
        return new Exit(code, false, Instant.EPOCH);
    }

    private static Exit exitOf(PipeProcess process) throws Exception {
        return process.exit().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void onLoop(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, loop::run).get(10, TimeUnit.SECONDS);
    }

    private static int descriptors() {
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    private static final class Collected implements OutputListener {
        final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        final List<Long> lost = new ArrayList<>();
        int ends;

        @Override
        public void output(OutputStreamKind kind, long offset, ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            (kind == OutputStreamKind.STDOUT ? stdout : stderr).writeBytes(copy);
        }

        @Override
        public void lost(long nextOffset) {
            lost.add(nextOffset);
        }

        @Override
        public void end() {
            ends++;
        }
    }
}
