package io.berth.engine;

import io.berth.engine.files.IdRange;
import io.berth.engine.files.Root;
import io.berth.engine.files.RootSource;
import io.berth.engine.files.RootedFileSystem;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The files of one {@link FakeContainer}: a directory of this test, made when it is first asked for. What is done to it is the real
 * thing, since an imitation of what a kernel does to paths would prove nothing.
 */
final class FakeFiles implements RootSource {

    private static final IdRange SAME = new IdRange(0, 65_536);

    private final Syscalls syscalls = new JnrSyscalls();
    private final ReentrantLock renames = new ReentrantLock();
    private final boolean readOnly;
    private @Nullable Path directory;
    private boolean removed;

    FakeFiles(boolean readOnly) {
        this.readOnly = readOnly;
    }

    ContainerFileSystem files() {
        return new RootedFileSystem(this, renames);
    }

    synchronized Path directory() {
        if (removed) {
            throw new EngineException(EngineException.Reason.NOT_FOUND, "the container was deleted");
        }
        Path made = directory;
        if (made == null) {
            try {
                made = Files.createTempDirectory("berth-fake-files-");
                Files.createDirectory(made.resolve("etc"));
                Files.createDirectory(made.resolve("tmp"));
                Files.writeString(made.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            directory = made;
        }
        return made;
    }

    @Override
    public Root toRead() throws IOException {
        Path top = directory();
        Fd fd = syscalls.open(top, Flags.O_PATH | Flags.O_DIRECTORY, 0);
        return new Root(syscalls, fd, SAME, Set.of(syscalls.filesystemType(top)), readOnly, () -> {});
    }

    @Override
    public Root toWrite() throws IOException {
        return toRead();
    }

    synchronized void remove() {
        removed = true;
        Path made = directory;
        if (made != null) {
            try {
                new TreeRemover(syscalls).remove(made);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        directory = null;
    }
}
