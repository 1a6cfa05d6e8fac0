package io.berth.engine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process in memory: a program, the last of its output, and the streams connected to it. On the loop only. */
final class FakeProcess {

    /** What is kept for replay, as of a session's log. */
    static final int KEPT = 1 << 20;
    /** What fits between the process and a reader that does not read. */
    static final int PIPE = 64 << 10;

    private static final int SIGINT = 2;
    private static final int SIGKILL = 9;

    /** What a process writes where, and what its container learns from it. */
    interface Surroundings {
        void wrote(OutputStreamKind kind, byte[] bytes);

        void touched(String path);
    }

    record Chunk(OutputStreamKind kind, long offset, byte[] bytes) {
        long end() {
            return offset + bytes.length;
        }
    }

    final int pid;
    final List<String> args;
    final Instant startedAt = Instant.now();
    final CompletableFuture<Exit> exit = new CompletableFuture<>();

    private final FakeLoop loop;
    private final FakeProgram program;
    private final boolean terminal;
    private final boolean pipes;
    private final Surroundings surroundings;
    private final List<FakeStream> streams = new ArrayList<>();
    private final Deque<Chunk> kept = new ArrayDeque<>();
    private final Deque<Consumer<FakeProcess>> whileFrozen = new ArrayDeque<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private TerminalSize size;
    private long oldest;
    private long end;
    private boolean frozen;
    private boolean wantsRoom;

    FakeProcess(
            FakeLoop loop,
            int pid,
            ContainerConfig.ProcessConfig config,
            FakeProgram program,
            boolean pipes,
            Surroundings surroundings) {
        this.loop = loop;
        this.pid = pid;
        this.args = config.args();
        this.program = program;
        this.terminal = config.terminal();
        this.pipes = pipes;
        this.surroundings = surroundings;
        TerminalSize asked = config.terminalSize();
        this.size = asked == null ? new TerminalSize(80, 24) : asked;
    }

    void start() {
        program.start(this);
    }

    boolean ended() {
        return exit.isDone();
    }

    FakeStream connect() {
        FakeStream stream = new FakeStream(loop, this);
        streams.add(stream);
        return stream;
    }

    void disconnect(FakeStream stream) {
        streams.remove(stream);
        if (pipes) {
            inputEnded();
        }
        roomChanged();
    }

    void print(String text) {
        output(OutputStreamKind.STDOUT, text.getBytes(StandardCharsets.UTF_8));
    }

    String sizeText() {
        return size.rows() + " " + size.columns();
    }

    void touch(String path) {
        surroundings.touched(path);
    }

    void output(OutputStreamKind kind, byte[] raw) {
        if (ended() || raw.length == 0) {
            return;
        }
        byte[] bytes = terminal ? withCarriageReturns(raw) : raw;
        kept.add(new Chunk(terminal ? OutputStreamKind.STDOUT : kind, end, bytes));
        end += bytes.length;
        surroundings.wrote(kind, bytes);
        List.copyOf(streams).forEach(FakeStream::pump);
        if (!pipes) {
            while (end - oldest > KEPT) {
                oldest = kept.remove().end();
            }
        } else if (!streams.isEmpty()) {
            long read = streams.stream().mapToLong(FakeStream::position).min().getAsLong();
            while (!kept.isEmpty() && kept.element().end() <= read) {
                oldest = kept.remove().end();
            }
        }
    }

    private static byte[] withCarriageReturns(byte[] raw) {
        return new String(raw, StandardCharsets.ISO_8859_1)
                .replace("\r\n", "\n")
                .replace("\n", "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Calls {@link FakeProgram#room} once what was written has gone and the process is not frozen. */
    void wantRoom() {
        wantsRoom = true;
        roomChanged();
    }

    void roomChanged() {
        if (!wantsRoom || frozen || ended() || unread() > PIPE) {
            return;
        }
        wantsRoom = false;
        loop.post(() -> {
            if (!ended()) {
                program.room(this);
            }
        });
    }

    /** What the slowest reader has still to take; without a reader a pipe fills, while a monitor drains to its log. */
    private long unread() {
        if (pipes && streams.stream().noneMatch(FakeStream::listening)) {
            return end;
        }
        return streams.stream()
                .filter(FakeStream::listening)
                .mapToLong(s -> end - s.position())
                .max()
                .orElse(0);
    }

    void input(byte[] bytes) {
        whenThawed(process -> {
            if (terminal) {
                typed(bytes);
            } else {
                program.input(this, bytes);
            }
        });
    }

    /** The line discipline of a terminal in canonical mode: echo, whole lines, interrupt and end of file characters. */
    private void typed(byte[] bytes) {
        for (byte b : bytes) {
            if (ended()) {
                return;
            }
            if (b == 3) {
                line.reset();
                print("^C");
                signal(SIGINT);
            } else if (b == 4 && line.size() == 0) {
                program.inputEnded(this);
            } else {
                byte[] one = {b == '\r' ? (byte) '\n' : b};
                output(OutputStreamKind.STDOUT, one);
                line.writeBytes(one);
                if (one[0] == '\n') {
                    byte[] whole = line.toByteArray();
                    line.reset();
                    program.input(this, whole);
                }
            }
        }
    }

    void inputEnded() {
        if (!terminal) {
            whenThawed(program::inputEnded);
        }
    }

    void resize(TerminalSize to) {
        if (terminal) {
            size = to;
        }
    }

    void signal(int signal) {
        if (signal == SIGKILL) {
            end(128 + SIGKILL);
        } else {
            whenThawed(process -> program.signal(process, signal));
        }
    }

    void end(int code) {
        if (!ended()) {
            exit.complete(new Exit(code, false, Instant.now()));
            List.copyOf(streams).forEach(FakeStream::pump);
        }
    }

    void freeze() {
        frozen = true;
    }

    void thaw() {
        frozen = false;
        while (!whileFrozen.isEmpty() && !ended()) {
            whileFrozen.remove().accept(this);
        }
        roomChanged();
    }

    private void whenThawed(Consumer<FakeProcess> action) {
        if (ended()) {
            return;
        }
        if (frozen) {
            whileFrozen.add(action);
        } else {
            action.accept(this);
        }
    }

    long oldest() {
        return oldest;
    }

    long written() {
        return end;
    }

    /** The kept chunk that holds the byte at an offset, which must be kept. */
    @Nullable
    Chunk chunkAt(long offset) {
        for (Chunk chunk : kept) {
            if (chunk.end() > offset) {
                return chunk;
            }
        }
        return null;
    }
}
