package io.berth.engine.files;

import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.FilePath;
import io.berth.engine.FileTree;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tree of a container by descriptors: one for each directory on the way down. Links are entries, never ways. What is no file,
 * directory or link, and what is on a file system that is not the container's, is left out. Not thread-safe, but for {@link #close}.
 */
final class TreeWalk implements FileTree {

    /** Names read and not visited yet, of all directories on the way. */
    private static final int MOST_PENDING = 100_000;

    /** Characters of those, and of the paths of the directories: a few megabytes, however long the container makes them. */
    private static final int MOST_PENDING_TEXT = 4 << 20;

    private static final int OPEN_DIRECTORY = Flags.O_RDONLY | Flags.O_DIRECTORY;

    private final Root root;
    private final Syscalls syscalls;
    private final FilePath start;
    private final Deque<Level> levels = new ArrayDeque<>();
    private boolean begun;
    private boolean closed;
    private int pending;
    private long pendingText;
    private @Nullable Fd file;
    private long size;
    private long position;

    private record Level(Fd directory, String path, Iterator<String> names) {}

    /** @param root closed with this */
    TreeWalk(Root root, FilePath start) throws ErrnoException {
        this.root = root;
        this.syscalls = root.syscalls;
        this.start = start;
        if (start.isRoot()) {
            return;
        }
        try (Root.Place place = root.find(start)) {
            place.require();
        }
    }

    @Override
    public synchronized @Nullable Entry next() {
        try {
            if (closed) {
                throw new IllegalStateException("the walk is closed");
            }
            endFile();
            if (!begun) {
                begun = true;
                return first();
            }
            while (!levels.isEmpty()) {
                Level level = levels.element();
                if (!level.names().hasNext()) {
                    pendingText -= level.path().length();
                    levels.pop().directory().close();
                    continue;
                }
                String name = level.names().next();
                pending--;
                pendingText -= name.length();
                Entry entry = visit(level.directory(), name, level.path() + "/" + name);
                if (entry != null) {
                    return entry;
                }
            }
            return null;
        } catch (ErrnoException e) {
            throw FileFailures.translate(start.value(), e);
        }
    }

    private @Nullable Entry first() throws ErrnoException {
        if (start.isRoot()) {
            Fd top = root.open(start, OPEN_DIRECTORY);
            return directory(top, ".", syscalls.fstatat(top, ""));
        }
        try (Root.Place place = root.find(start)) {
            Entry entry = visit(place.directory(), place.name(), start.name());
            if (entry == null) {
                throw FileFailures.of(
                        Problem.NOT_A_FILE,
                        start.value(),
                        "it is neither a file, a directory nor a link of the container");
            }
            return entry;
        }
    }

    private @Nullable Entry visit(Fd directory, String name, String path) throws ErrnoException {
        try {
            FileStat stat = syscalls.fstatat(directory, name);
            if (stat.isSymbolicLink()) {
                String target = syscalls.readlinkat(directory, name);
                return entry(path, Kind.SYMLINK, stat, 0, target);
            }
            if (stat.isDirectory()) {
                Fd sub = openDirectory(directory, name);
                return sub == null ? null : directory(sub, path, syscalls.fstatat(sub, ""));
            }
            return stat.isRegularFile() ? file(directory, name, path) : null;
        } catch (ErrnoException e) {
            // it went, or became another thing, while it was looked at
            if (e.is("ENOENT") || e.is("ELOOP") || e.is("ENOTDIR") || e.is("EINVAL")) {
                return null;
            }
            throw e;
        }
    }

    /** A mount point is entered too, if what is mounted is the container's. */
    private @Nullable Fd openDirectory(Fd directory, String name) throws ErrnoException {
        Fd sub = syscalls.openat2(
                directory,
                name,
                OPEN_DIRECTORY | Flags.O_NOFOLLOW,
                0,
                Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS);
        try {
            if (root.isOwn(sub)) {
                return sub;
            }
        } catch (ErrnoException | RuntimeException e) {
            sub.close();
            throw e;
        }
        sub.close();
        return null;
    }

    private Entry directory(Fd directory, String path, FileStat stat) throws ErrnoException {
        try {
            if (levels.size() >= TreeDeleter.DEEPEST) {
                throw FileFailures.of(
                        Problem.TOO_DEEP, start.value(), "it is deeper than " + TreeDeleter.DEEPEST + " directories");
            }
            List<String> names = syscalls.list(directory, MOST_PENDING - pending + 1, MOST_PENDING_TEXT - pendingText);
            pending += names.size();
            pendingText +=
                    path.length() + names.stream().mapToLong(String::length).sum();
            if (pending > MOST_PENDING || pendingText > MOST_PENDING_TEXT) {
                throw FileFailures.of(
                        Problem.TOO_DEEP,
                        start.value(),
                        "its directories have more than " + MOST_PENDING
                                + " entries, or long names: archive parts of it");
            }
            Collections.sort(names);
            levels.push(new Level(directory, path, names.iterator()));
            return entry(path, Kind.DIRECTORY, stat, 0, "");
        } catch (ErrnoException | RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private @Nullable Entry file(Fd directory, String name, String path) throws ErrnoException {
        // a file may be mounted by itself, /etc/hosts for one, so no RESOLVE_NO_XDEV
        try (Fd found = syscalls.openat2(
                directory,
                name,
                Flags.O_PATH | Flags.O_NOFOLLOW,
                0,
                Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS)) {
            FileStat stat = syscalls.fstatat(found, "");
            if (!stat.isRegularFile() || !root.isOwn(found)) {
                return null;
            }
            file = root.reopen(found);
            size = stat.size();
            position = 0;
            return entry(path, Kind.FILE, stat, stat.size(), "");
        }
    }

    private Entry entry(String path, Kind kind, FileStat stat, long bytes, String target) {
        return new Entry(
                path,
                kind,
                stat.permissions(),
                root.ids.toContainer(stat.uid()),
                root.ids.toContainer(stat.gid()),
                bytes,
                stat.mtimeSeconds(),
                stat.mtimeNanos(),
                target);
    }

    /** Gives just as many bytes as the entry says: a file that shrinks meanwhile ends in zeros, as with GNU tar. */
    @Override
    public synchronized int read(ByteBuffer buffer) {
        Fd open = file;
        if (open == null || position >= size) {
            return -1;
        }
        ByteBuffer part = buffer.slice();
        part.limit((int) Math.min(part.remaining(), size - position));
        int count;
        try {
            count = syscalls.pread(open, part, position);
        } catch (ErrnoException e) {
            throw FileFailures.translate(start.value(), e);
        }
        if (count < 0) {
            count = part.remaining();
            while (part.hasRemaining()) {
                part.put((byte) 0);
            }
        }
        position += count;
        buffer.position(buffer.position() + count);
        return count;
    }

    private void endFile() {
        Fd open = file;
        if (open != null) {
            open.close();
        }
        file = null;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        endFile();
        levels.forEach(level -> level.directory().close());
        levels.clear();
        root.close();
    }
}
