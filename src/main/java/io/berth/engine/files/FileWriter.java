package io.berth.engine.files;

import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.FileAttributes;
import io.berth.engine.FilePath;
import io.berth.engine.files.Root.Place;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes files and directories in a {@link Root}. Owners and modes are set by descriptor: a name could be another thing by then. Not
 * thread-safe.
 */
final class FileWriter {

    static final int FILE_MODE = 0644;
    static final int DIRECTORY_MODE = 0755;
    private static final int BUFFER = 128 << 10;
    private static final int OPEN_DIRECTORY = Flags.O_RDONLY | Flags.O_DIRECTORY;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Root root;
    private final Syscalls syscalls;
    private @Nullable ByteBuffer buffer;

    FileWriter(Root root) {
        this.root = root;
        this.syscalls = root.syscalls;
    }

    /** Where data comes from: reads into a direct buffer, -1 at the end. */
    @FunctionalInterface
    interface Data {
        int read(ByteBuffer buffer) throws IOException;
    }

    /** Is asked right before a new file takes its name; throws to leave everything as it was. */
    @FunctionalInterface
    interface LastWord {
        void allow() throws IOException;
    }

    /** Who a new file belongs to and what it allows; ids are the host's. */
    record Owner(int uid, int gid, int mode) {}

    Owner owner(FileAttributes wanted, @Nullable FileStat replaced, int otherwise) {
        // as write(2) does, what is replaced loses its set-id bits; whoever it belonged to, the new one is the
        // container's
        int mode = replaced == null ? otherwise : replaced.permissions() & 0777;
        return new Owner(
                root.ids.toHost(id(wanted.uid(), replaced == null ? 0 : root.ids.toContainer(replaced.uid()))),
                root.ids.toHost(id(wanted.gid(), replaced == null ? 0 : root.ids.toContainer(replaced.gid()))),
                wanted.mode() == null ? mode : wanted.mode());
    }

    private static int id(@Nullable Integer wanted, int otherwise) {
        return wanted == null ? otherwise : wanted;
    }

    /**
     * Writes a file under a name of its own, and gives it the wanted one when it is whole.
     *
     * @param time seconds and nanoseconds of its modification, {@code null} for now
     * @param renameFlags {@code RENAME_NOREPLACE} or 0
     */
    FileStat file(
            Fd directory, String name, Owner owner, long @Nullable [] time, Data data, int renameFlags, LastWord last)
            throws IOException {
        String draft = draft();
        try (Fd file = root.openHere(directory, draft, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL, 0600)) {
            try {
                copy(data, file);
                syscalls.fchown(file, owner.uid(), owner.gid());
                syscalls.fchmod(file, owner.mode());
                if (time != null) {
                    syscalls.utimensat(directory, draft, time[0], (int) time[1]);
                }
                last.allow();
                syscalls.renameat2(directory, draft, directory, name, renameFlags);
            } catch (IOException | RuntimeException e) {
                discard(directory, draft);
                throw e;
            }
            return syscalls.fstatat(file, "");
        }
    }

    private void copy(Data data, Fd file) throws IOException {
        ByteBuffer part = buffer;
        if (part == null) { // one for all files of an archive: only the garbage collector would free more
            part = ByteBuffer.allocateDirect(BUFFER);
            buffer = part;
        }
        while (data.read(part.clear()) >= 0) {
            part.flip();
            while (part.hasRemaining()) {
                syscalls.write(file, part);
            }
        }
    }

    /** Makes something under a name of its own and gives it the wanted one, in place of what had it. */
    void replacing(Fd directory, String name, NamedMaker maker) throws IOException {
        String draft = draft();
        maker.make(draft);
        try {
            syscalls.renameat2(directory, draft, directory, name, 0);
        } catch (IOException e) {
            discard(directory, draft);
            throw e;
        }
        // two names of one file: rename(2) then does nothing
        discard(directory, draft);
    }

    /** Makes an entry of that name. */
    @FunctionalInterface
    interface NamedMaker {
        void make(String name) throws IOException;
    }

    private static String draft() {
        return ".berth-" + Long.toUnsignedString(RANDOM.nextLong(), 36);
    }

    private void discard(Fd directory, String draft) {
        try {
            syscalls.unlinkat(directory, draft, 0);
        } catch (ErrnoException gone) {
            // the container has removed it, or made something else of it: it is the container's
        }
    }

    /** Makes a directory. Fails with EEXIST if there is anything. */
    void directory(Fd parent, String name, Owner owner) throws ErrnoException {
        syscalls.mkdirat(parent, name, 0700);
        try (Fd made = root.openHere(parent, name, OPEN_DIRECTORY, 0)) {
            adopt(made, owner);
        }
    }

    void adopt(Fd made, Owner owner) throws ErrnoException {
        syscalls.fchown(made, owner.uid(), owner.gid());
        syscalls.fchmod(made, owner.mode());
    }

    /** Makes the directories that are missing on a path, those above first. @return how many that are */
    int parents(FilePath path) throws ErrnoException {
        if (path.isRoot()) {
            return 0;
        }
        try (Fd there = root.open(path, Root.DIRECTORY)) {
            root.requireOwn(there, path);
            return 0;
        } catch (ErrnoException e) {
            if (!e.is("ENOENT")) {
                throw e;
            }
        }
        int made = parents(path.parent());
        try (Place place = root.find(path)) {
            directory(place.directory(), place.name(), owner(FileAttributes.NONE, null, DIRECTORY_MODE));
            return made + 1;
        } catch (ErrnoException e) {
            if (!e.is("EEXIST")) {
                throw e;
            }
            requireDirectory(path);
            return made;
        }
    }

    private void requireDirectory(FilePath path) throws ErrnoException {
        try (Fd there = root.open(path, Root.DIRECTORY)) {
            root.requireOwn(there, path);
        } catch (ErrnoException dangling) {
            if (dangling.is("ENOENT")) {
                throw FileFailures.of(Problem.NOT_A_DIRECTORY, path.value(), "a link there leads to nothing");
            }
            throw dangling;
        }
    }
}
