package io.berth.images.content;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Subprocess;
import io.berth.engine.syscall.ErrnoException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/** What content needs of the disk: durability, and its full state told from other failures. */
final class Disk {

    private static final Duration SYNC_DEADLINE = Duration.ofMinutes(10);

    private Disk() {}

    /** Makes renames in a directory durable. See fsync(2). */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes the whole file system of a path durable: one syncfs(2) instead of an fsync(2) for each of 10,000 files. */
    static void syncFileSystem(Path path) throws IOException {
        Subprocess.run(SYNC_DEADLINE, List.of("sync", "--file-system", path.toString()))
                .orThrow();
    }

    static boolean isFull(IOException e) {
        if (e instanceof ErrnoException errno) {
            return errno.is("ENOSPC") || errno.is("EDQUOT");
        }
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }

    /** The answer for a failure of the disk while {@code what} was stored. */
    static BerthException failure(String what, IOException e) {
        return isFull(e)
                ? new BerthException(
                        ErrorCode.NO_SPACE,
                        "no space left for " + what + " in the data directory: delete images or containers",
                        e)
                : new BerthException(ErrorCode.INTERNAL, "could not store " + what, e);
    }
}
