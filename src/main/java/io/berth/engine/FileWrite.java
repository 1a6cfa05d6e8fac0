package io.berth.engine;

import org.jspecify.annotations.Nullable;

/**
 * How a file is to be written.
 *
 * @param attributes of the file; what is not given is the replaced file's, else 0644 and root
 * @param parents whether missing directories above are made
 * @param mustBeNew whether the file must not exist, which the kernel decides
 * @param condition is asked of the file that would be replaced, before anything is done and once more right before
 */
public record FileWrite(FileAttributes attributes, boolean parents, boolean mustBeNew, Condition condition) {

    /** Passes or throws. */
    @FunctionalInterface
    public interface Condition {
        /** @param present {@code null} if there is none */
        void check(@Nullable FileInfo present);
    }

    public static final FileWrite PLAIN = new FileWrite(FileAttributes.NONE, false, false, present -> {});
}
