package io.berth.engine.local;

import io.berth.engine.bundle.UserDatabase;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads small files of a container's root file system, whose symbolic links lead nowhere outside of it. */
final class RootfsReader {

    private static final int LIMIT = 1 << 20;

    private final Syscalls syscalls;

    RootfsReader(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    UserDatabase users(Path rootfs) throws ErrnoException {
        try (Fd root = syscalls.open(rootfs, Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            return new UserDatabase(text(root, "etc/passwd"), text(root, "etc/group"));
        }
    }

    /** The file's text, cut at 1 MiB; empty if there is no such regular file. */
    private String text(Fd root, String path) throws ErrnoException {
        long resolve = Flags.RESOLVE_IN_ROOT | Flags.RESOLVE_NO_MAGICLINKS;
        // Non-blocking, as the image may have put a FIFO here.
        try (Fd file = syscalls.openat2(root, path, Flags.O_RDONLY | Flags.O_NONBLOCK, 0, resolve)) {
            if (!syscalls.fstatat(file, "").isRegularFile()) {
                return "";
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocateDirect(16_384);
            while (bytes.size() < LIMIT && syscalls.read(file, buffer.clear()) > 0) {
                buffer.flip();
                byte[] chunk = new byte[buffer.remaining()];
                buffer.get(chunk);
                bytes.writeBytes(chunk);
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } catch (ErrnoException e) {
            if (e.is("ENOENT") || e.is("ENOTDIR") || e.is("ELOOP") || e.is("ENXIO")) {
                return "";
            }
            throw e;
        }
    }
}
