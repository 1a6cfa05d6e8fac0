package io.berth.engine.snapshot;

import io.berth.engine.DiskSize;
import io.berth.engine.WalkPace;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what a tree that a stranger made, and may change meanwhile, occupies on the disk: blocks rather than sizes, a file of several
 * names once. Links are never followed and other file systems not entered. However wide or deep the tree is, it looks at so many
 * entries and keeps so many names, and a few descriptors: deep down the outer directories are closed, and found again by
 * {@code ..} on the way back. For one use.
 */
final class SizeWalk {

    private static final int MOST_OPEN = 64;
    private static final int DIRECTORY = Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_NOFOLLOW;
    private static final long UP = Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_XDEV;
    private static final long DOWN = UP | Flags.RESOLVE_BENEATH;

    private final Syscalls syscalls;
    private final WalkPace pace;
    /** The way down; the last is where the walk is, and open. */
    private final List<Level> levels = new ArrayList<>();

    private final Set<Long> counted = new HashSet<>();
    private int entriesLeft;
    private long bytes;
    private boolean complete = true;

    private static final class Level {
        private @Nullable Fd directory;
        private final long inode;
        private final Iterator<String> names;

        private Level(Fd directory, long inode, Iterator<String> names) {
            this.directory = directory;
            this.inode = inode;
            this.names = names;
        }

        private Fd open() {
            Fd open = directory;
            if (open == null) {
                throw new IllegalStateException("the walk is not there");
            }
            return open;
        }

        private void close() {
            Fd open = directory;
            if (open != null) {
                open.close();
            }
            directory = null;
        }
    }

    SizeWalk(Syscalls syscalls, int entries, WalkPace pace) {
        this.syscalls = syscalls;
        this.entriesLeft = entries;
        this.pace = pace;
    }

    /**
     * Measures a directory, itself included.
     *
     * @param top its parent directories must be trusted
     */
    DiskSize measure(Path top) throws IOException {
        try {
            step();
            enter(syscalls.open(top, DIRECTORY, 0));
            while (!levels.isEmpty()) {
                Level level = levels.get(levels.size() - 1);
                if (level.names.hasNext()) {
                    step();
                    visit(level.open(), level.names.next());
                } else {
                    leave();
                }
            }
            return new DiskSize(bytes, complete);
        } finally {
            levels.forEach(Level::close);
        }
    }

    private void step() throws InterruptedIOException {
        try {
            pace.next();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while measuring");
        }
    }

    private void visit(Fd directory, String name) throws ErrnoException {
        try {
            FileStat stat = syscalls.fstatat(directory, name);
            if (stat.isDirectory()) {
                enter(syscalls.openat2(directory, name, DIRECTORY, 0, DOWN));
            } else if (stat.links() <= 1 || counted.add(stat.inode())) {
                bytes += stat.allocatedBytes();
            }
        } catch (ErrnoException e) {
            if (!hasChanged(e)) {
                throw e;
            }
        }
    }

    /** It went, or became another thing, while it was looked at. */
    private static boolean hasChanged(ErrnoException e) {
        return e.is("ENOENT") || e.is("ENOTDIR") || e.is("ELOOP") || e.is("EXDEV") || e.is("ESTALE");
    }

    private void enter(Fd directory) throws ErrnoException {
        try {
            FileStat stat = syscalls.fstatat(directory, "");
            bytes += stat.allocatedBytes();
            List<String> names = syscalls.list(directory, entriesLeft + 1);
            if (names.size() > entriesLeft) {
                complete = false;
                names = names.subList(0, entriesLeft);
            }
            entriesLeft -= names.size();
            levels.add(new Level(directory, stat.inode(), names.iterator()));
        } catch (ErrnoException e) {
            directory.close();
            throw e;
        }
        if (levels.size() > MOST_OPEN) {
            levels.get(levels.size() - 1 - MOST_OPEN).close();
        }
    }

    private void leave() throws ErrnoException {
        Level done = levels.remove(levels.size() - 1);
        try {
            if (!levels.isEmpty() && levels.get(levels.size() - 1).directory == null) {
                reopen(levels.get(levels.size() - 1), done.open());
            }
        } finally {
            done.close();
        }
    }

    /** If the directory was moved meanwhile its parent is another: then the way back is lost, and with it what is left there. */
    private void reopen(Level parent, Fd child) throws ErrnoException {
        try {
            parent.directory = syscalls.openat2(child, "..", DIRECTORY, 0, UP);
            if (syscalls.fstatat(parent.open(), "").inode() == parent.inode) {
                return;
            }
        } catch (ErrnoException e) {
            if (!hasChanged(e)) {
                throw e;
            }
        }
        levels.forEach(Level::close);
        levels.clear();
        complete = false;
    }
}
