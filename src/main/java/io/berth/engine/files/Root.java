package io.berth.engine.files;

import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.FileInfo;
import io.berth.engine.FilePath;
import io.berth.engine.FileType;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The root directory of a container, open. Every path is resolved by the kernel inside it, links included, and acted on relative to
 * the descriptor of its directory, by one name that is not followed: whatever the container makes of the path meanwhile, what is
 * reached lies in the container.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/openat2.2.html">openat2(2)</a>
 */
public final class Root implements AutoCloseable {

    private static final int MOST_TRIES = 64;
    private static final int MOST_LINKS = 40;
    private static final int S_IFMT = 0170000;
    /** The years 1 and 9999. */
    private static final long EARLIEST = -62_135_596_800L;

    private static final long LATEST = 253_402_300_799L;

    static final int DIRECTORY = Flags.O_PATH | Flags.O_DIRECTORY;
    private static final long IN_ROOT = Flags.RESOLVE_IN_ROOT | Flags.RESOLVE_NO_MAGICLINKS;
    /** For one name, right below a descriptor. */
    private static final long RIGHT_HERE =
            Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_XDEV;

    final Syscalls syscalls;
    final IdRange ids;
    private final Fd top;
    private final Set<Long> fileSystems;
    private final boolean readOnly;
    private final Runnable release;

    /**
     * @param top {@code O_PATH}; closed with this
     * @param fileSystems magic numbers of those that are the container's own, see statfs(2)
     * @param readOnly whether writing is refused, should the kernel allow it
     * @param release what to do after it is closed
     */
    public Root(Syscalls syscalls, Fd top, IdRange ids, Set<Long> fileSystems, boolean readOnly, Runnable release) {
        this.syscalls = syscalls;
        this.top = top;
        this.ids = ids;
        this.fileSystems = Set.copyOf(fileSystems);
        this.readOnly = readOnly;
        this.release = release;
    }

    /** The directory as a root of its own, which this one need not outlive. */
    Root below(FilePath path) throws ErrnoException {
        Fd directory = open(path, DIRECTORY);
        try {
            requireOwn(directory, path);
        } catch (ErrnoException | RuntimeException e) {
            directory.close();
            throw e;
        }
        return new Root(syscalls, directory, ids, fileSystems, readOnly, () -> {});
    }

    /** An entry by its directory and name. */
    record Place(Fd directory, String name, @Nullable FileStat stat) implements AutoCloseable {
        @Override
        public void close() {
            directory.close();
        }

        FileStat require() throws ErrnoException {
            if (stat == null) {
                throw new ErrnoException("find(" + name + ")", "ENOENT", "no such entry");
            }
            return stat;
        }
    }

    void requireWritable(FilePath path) {
        if (readOnly) {
            throw FileFailures.of(Problem.READ_ONLY, path.value(), "the container's root file system is read-only");
        }
    }

    /** Opens what is at a path, links followed inside the root. */
    Fd open(FilePath path, int flags) throws ErrnoException {
        return resolve(path.value(), flags);
    }

    /** The kernel gives up with EAGAIN when something is renamed while it looks at {@code ..}. */
    private Fd resolve(String path, int flags) throws ErrnoException {
        for (int tries = 1; ; tries++) {
            try {
                return syscalls.openat2(top, path.equals("/") ? "." : path, flags, 0, IN_ROOT);
            } catch (ErrnoException e) {
                if (!e.is("EAGAIN") || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** The root directory's own descriptor, good as long as this is. */
    Fd top() {
        return top;
    }

    /** Where an entry is, or would be, a link itself and not what it leads to. @param path not the root's */
    Place find(FilePath path) throws ErrnoException {
        return place(path, path.parent().value(), path.name());
    }

    /** The same, but the end of the links if it is one, as open(2) with {@code O_CREAT} has it. */
    Place follow(FilePath path) throws ErrnoException {
        String directory = path.parent().value();
        String name = path.name();
        for (int links = 0; links <= MOST_LINKS; links++) {
            Place place = place(path, directory, name);
            if (place.stat() == null || !place.stat().isSymbolicLink()) {
                return place;
            }
            try (place) {
                String target = syscalls.readlinkat(place.directory(), name);
                int slash = target.lastIndexOf('/');
                name = target.substring(slash + 1);
                if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                    throw FileFailures.of(Problem.IS_A_DIRECTORY, path.value(), "it leads to a directory");
                }
                String above = slash < 0 ? "." : slash == 0 ? "/" : target.substring(0, slash);
                directory = above.startsWith("/") ? above : directory + "/" + above;
            } catch (ErrnoException e) {
                if (!e.is("EINVAL") && !e.is("ENOENT")) { // it is no link any more: look again
                    throw e;
                }
            }
        }
        throw FileFailures.of(Problem.TOO_DEEP, path.value(), "it leads through too many links");
    }

    private Place place(FilePath path, String directory, String name) throws ErrnoException {
        Fd parent = resolve(directory, DIRECTORY);
        try {
            requireOwn(parent, path);
            return new Place(parent, name, stat(parent, name));
        } catch (ErrnoException | RuntimeException e) {
            parent.close();
            throw e;
        }
    }

    @Nullable
    FileStat stat(Fd directory, String name) throws ErrnoException {
        try {
            return syscalls.fstatat(directory, name);
        } catch (ErrnoException e) {
            if (e.is("ENOENT")) {
                return null;
            }
            throw e;
        }
    }

    /** Opens one name of a directory, no link, on the same file system. */
    Fd openHere(Fd directory, String name, int flags, int mode) throws ErrnoException {
        return syscalls.openat2(directory, name, flags | Flags.O_NOFOLLOW, mode, RIGHT_HERE);
    }

    /**
     * Passes unless something is mounted on the name. The kernel would let the server, in whose mount namespace that is not to be seen,
     * remove and rename mount points of the container, and would take the mounts away with them.
     */
    void requireUnmounted(Fd directory, String name, FilePath path) throws ErrnoException {
        try {
            openHere(directory, name, Flags.O_PATH, 0).close();
        } catch (ErrnoException e) {
            if (e.is("EXDEV")) {
                throw FileFailures.of(Problem.MOUNTED, path.value(), "something is mounted there");
            }
            if (!e.is("ENOENT")) {
                throw e;
            }
        }
    }

    boolean isOwn(Fd file) throws ErrnoException {
        return fileSystems.contains(syscalls.filesystemType(magic(file)));
    }

    void requireOwn(Fd file, FilePath path) throws ErrnoException {
        if (!isOwn(file)) {
            throw FileFailures.of(Problem.FOREIGN, path.value(), "it is on a file system that is not the container's");
        }
    }

    /** Opens what a descriptor refers to once more, to read it. What it is must be known: a FIFO would wait, a device act. */
    Fd reopen(Fd file) throws ErrnoException {
        return syscalls.open(magic(file), Flags.O_RDONLY | Flags.O_NONBLOCK, 0);
    }

    private static Path magic(Fd file) {
        return Path.of("/proc/self/fd/" + file.number());
    }

    static FileType type(FileStat stat) {
        return switch (stat.mode() & S_IFMT) {
            case 0040000 -> FileType.DIRECTORY;
            case 0120000 -> FileType.SYMLINK;
            case 0010000 -> FileType.FIFO;
            case 0140000 -> FileType.SOCKET;
            case 0060000 -> FileType.BLOCK;
            case 0020000 -> FileType.CHARACTER;
            default -> FileType.FILE;
        };
    }

    FileInfo info(String name, FileStat stat, @Nullable String linkTarget) {
        return new FileInfo(
                name,
                type(stat),
                stat.permissions(),
                ids.toContainer(stat.uid()),
                ids.toContainer(stat.gid()),
                stat.size(),
                stat.inode(),
                time(stat.mtimeSeconds(), stat.mtimeNanos()),
                time(stat.ctimeSeconds(), stat.ctimeNanos()),
                linkTarget);
    }

    /** A tmpfs keeps any number of 64 bits that a container sets; years of four digits can be written in headers too. */
    private static Instant time(long seconds, int nanos) {
        long possible = Math.max(EARLIEST, Math.min(LATEST, seconds));
        return Instant.ofEpochSecond(possible, possible == seconds ? nanos : 0);
    }

    /** The entry with its target if it is a link, {@code null} if it is gone. */
    @Nullable
    FileInfo info(Fd directory, String name) throws ErrnoException {
        try {
            FileStat stat = syscalls.fstatat(directory, name);
            return info(name, stat, stat.isSymbolicLink() ? syscalls.readlinkat(directory, name) : null);
        } catch (ErrnoException e) {
            if (e.is("ENOENT") || e.is("EINVAL")) { // gone, or another thing in place of the link
                return null;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            top.close();
        } finally {
            release.run();
        }
    }
}
