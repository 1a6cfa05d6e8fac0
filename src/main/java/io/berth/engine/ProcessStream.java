package io.berth.engine;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * A connection to the standard streams of a process. Thread-safe. Closing it leaves the process alone, unless the
 * process was started with plain pipes ({@link ContainerEngine#exec}), which then see their end.
 */
public interface ProcessStream extends AutoCloseable {

    /**
     * Begins to deliver output.
     *
     * @param since offset to replay from; bytes no longer kept are reported by {@link OutputListener#lost}. A negative
     *     offset starts with what comes next.
     */
    void listen(long since, OutputListener listener);

    /** Stops reading from the process, which will block once the kernel's buffers are full. */
    void pause();

    /** Goes on after {@link #pause()}. */
    void resume();

    /**
     * Sends bytes to the standard input; they are copied. The stage completes when they have left for the process, so
     * that a caller can bound what it has under way, and fails when the input is closed.
     */
    CompletionStage<Void> write(ByteBuffer bytes);

    /** Ends the standard input, where that can be done (see {@link ContainerConfig#stdinOnce()}). */
    void closeInput();

    /** Sets the size of the terminal. Does nothing for a process without one. */
    void resize(TerminalSize size);

    /** Completes when the process has ended and all its output was delivered to the listener. */
    CompletionStage<Exit> exit();

    @Override
    void close();
}
