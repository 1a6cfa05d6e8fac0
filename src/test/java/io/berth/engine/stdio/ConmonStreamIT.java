package io.berth.engine.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.OutputStreamKind;
import io.berth.engine.TerminalSize;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of real processes under the real conmon and crun. Needs root. */
class ConmonStreamIT {

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Syscalls syscalls = new JnrSyscalls();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private EventLoop loop;
    private LogWatcher watcher;

    @BeforeEach
    void start() throws IOException {
        loop = new EventLoop(syscalls);
        watcher = new LogWatcher();
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        watcher.close();
        loop.close();
    }

    private RealConmon create(long logSizeMax, boolean terminal, String... command) throws IOException {
        RealConmon conmon = RealConmon.create(syscalls, directory, logSizeMax, terminal, command);
        opened.add(conmon);
        watcher.watch(conmon.log);
        opened.add(() -> watcher.forget(conmon.log));
        return conmon;
    }

    private ConmonStream connect(RealConmon conmon, boolean fresh) throws IOException {
        ConmonStream stream =
                ConmonStream.connect(syscalls, loop, conmon.log, conmon.bundle, new Connections(conmon.exit), fresh);
        opened.add(stream);
        return stream;
    }

    private static void type(ConmonStream stream, String text) {
        stream.write(ByteBuffer.wrap(text.getBytes(UTF_8)))
                .toCompletableFuture()
                .join();
    }

    private static void awaitText(RecordingListener listener, String part) {
        await().atMost(DEADLINE).untilAsserted(() -> assertThat(listener.text()).contains(part));
    }

    @Test
    void deliversBothStreamsInputAndTheExit() throws Exception {
        RealConmon conmon = create(1 << 20, false, "sh", "-c", "echo out; read x; echo got $x >&2; cat; exit 7");
        ConmonStream stream = connect(conmon, true);
        StringBuffer errors = new StringBuffer();
        RecordingListener listener = new RecordingListener() {
            @Override
            void heard(OutputStreamKind kind, long offset, byte[] copy) {
                if (kind == OutputStreamKind.STDERR) {
                    errors.append(new String(copy, UTF_8));
                }
            }
        };
        stream.listen(0, listener);
        conmon.start();
        awaitText(listener, "out\n");
        type(stream, "hello\n");
        awaitText(listener, "got hello\n");
        type(stream, "y".repeat(200_000) + "\n");
        stream.closeInput();
        assertThat(stream.exit().toCompletableFuture().get().code()).isEqualTo(7);
        assertThat(listener.ended()).isTrue();
        assertThat(listener.text()).isEqualTo("out\ngot hello\n" + "y".repeat(200_000) + "\n");
        assertThat(errors.toString()).isEqualTo("got hello\n");
        assertThat(listener.wrong()).isEmpty();
    }

    @Test
    void joinsATerminalSessionAndResizesIt() throws Exception {
        RealConmon conmon = create(1 << 20, true, "sh");
        ConmonStream first = connect(conmon, true);
        RecordingListener firstListener = new RecordingListener();
        first.listen(0, firstListener);
        conmon.start();
        awaitText(firstListener, "> ");
        first.resize(new TerminalSize(132, 43));
        await().atMost(DEADLINE).untilAsserted(() -> {
            type(first, "busybox stty size\n");
            assertThat(firstListener.text()).contains("43 132");
        });
        // the connection is lost; another one takes its place, and hears the past at once
        first.close();
        ConmonStream second = connect(conmon, false);
        RecordingListener secondListener = new RecordingListener();
        second.listen(0, secondListener);
        awaitText(secondListener, firstListener.text());
        type(second, "echo $((6*7))\n");
        awaitText(secondListener, "42\r\n");
        type(second, "exit 3\n");
        assertThat(second.exit().toCompletableFuture().get().code()).isEqualTo(3);
        assertThat(secondListener.wrong()).isEmpty();
    }

    @Test
    void isExactForConnectionsMadeInTheMiddleOfMuchOutput() throws Exception {
        // numbered lines: every byte's offset can be told from what is in the log
        int lines = 400_000;
        // it waits in the middle: of two replacements of the log that nobody saw, offsets would not be exact
        RealConmon conmon = create(
                8 << 20,
                false,
                "busybox",
                "sh",
                "-c",
                "busybox seq -w 1 400000 | busybox head -n 200000; read go; busybox seq -w 200001 400000");
        List<NumberedLines> listeners = new ArrayList<>();
        listeners.add(new NumberedLines());
        ConmonStream first = connect(conmon, true);
        first.listen(0, listeners.get(0));
        conmon.start();
        for (int i = 1; i <= 6; i++) {
            long threshold = i * 300_000L;
            if (i == 5) {
                await().atMost(DEADLINE).until(() -> conmon.log.end() == lines / 2 * 7L);
                type(first, "go\n");
            }
            await().atMost(DEADLINE).until(() -> listeners.get(0).nextOffset() > threshold);
            NumberedLines listener = new NumberedLines();
            listeners.add(listener);
            connect(conmon, false).listen(Math.max(0, conmon.log.end() - i * 50_000L), listener);
        }
        for (NumberedLines listener : listeners) {
            await().atMost(DEADLINE).until(listener::ended);
            assertThat(listener.wrong()).isEmpty();
            assertThat(listener.nextOffset()).isEqualTo(lines * 7L);
        }
        assertThat(conmon.log.end()).isEqualTo(lines * 7L);
        assertThat(conmon.log.generations()).hasSize(2).allMatch(Generation::exact);
    }

    /** Checks output of {@code seq -w 1 400000} against its offset. */
    private static final class NumberedLines extends RecordingListener {
        private String mismatch = "";

        @Override
        void heard(OutputStreamKind kind, long offset, byte[] copy) {
            if (kind == OutputStreamKind.STDERR) {
                return;
            }
            for (int i = 0; i < copy.length; i++) {
                long at = offset + i;
                String line = String.valueOf(1_000_000 + at / 7 + 1).substring(1) + "\n";
                if (copy[i] != line.charAt((int) (at % 7))) {
                    mismatch += "other byte at " + at + "; ";
                    return;
                }
            }
        }

        @Override
        synchronized String wrong() {
            return super.wrong() + mismatch;
        }
    }
}
