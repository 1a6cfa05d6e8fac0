package io.berth.engine.syscall;

/**
 * An open file descriptor of this process. Closing twice is safe; using it after close throws. Always opened with
 * {@code O_CLOEXEC}.
 */
public interface Fd extends AutoCloseable {

    /**
     * The number, for another system call.
     *
     * @throws IllegalStateException after {@link #close()}
     */
    int number();

    @Override
    void close();
}
