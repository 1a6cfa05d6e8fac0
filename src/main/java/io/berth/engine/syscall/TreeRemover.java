package io.berth.engine.syscall;

import java.nio.file.Path;
import java.util.List;

/**
 * Removes trees that a stranger made: of any depth, with any names, even ones that are no text, any modes, links to anywhere,
 * millions of entries. It never follows a link and never recurses: a directory found in a directory is moved up to the
 * top and emptied there, so two descriptors do for any depth. Another file system is never entered.
 */
public final class TreeRemover {

    private static final int OPEN_DIRECTORY = Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_NOFOLLOW;
    private static final long STAY =
            Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_XDEV;
    private static final int NAMES_AT_ONCE = 1000;

    private final Syscalls syscalls;

    public TreeRemover(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * Removes a file, or a directory with all it holds; nothing happens if it is not there. Blocks as long as that takes. May be
     * interrupted by a crash at any point and called again.
     *
     * @param path its parent directories must be trusted
     * @throws ErrnoException if something cannot be removed, such as a mount point; the rest may be gone by then
     */
    public void remove(Path path) throws ErrnoException {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not removing " + path);
        }
        try (Fd dir = syscalls.open(parent, OPEN_DIRECTORY, 0)) {
            remove(dir, path.getFileName().toString());
        } catch (ErrnoException e) {
            if (!e.is("ENOENT")) {
                throw e;
            }
        }
    }

    /** Removes an entry of {@code dir}, with all below it; nothing happens if it is not there. */
    public void remove(Fd dir, String name) throws ErrnoException {
        FileStat stat;
        try {
            stat = syscalls.fstatat(dir, name);
        } catch (ErrnoException e) {
            if (e.is("ENOENT")) {
                return;
            }
            throw e;
        }
        if (!stat.isDirectory()) {
            syscalls.unlinkat(dir, name, 0);
            return;
        }
        try (Fd top = syscalls.openat2(dir, name, OPEN_DIRECTORY, 0, STAY)) {
            empty(top);
        }
        syscalls.unlinkat(dir, name, Flags.AT_REMOVEDIR);
    }

    private void empty(Fd top) throws ErrnoException {
        long moved = 0;
        for (var names = list(top); !names.isEmpty(); names = list(top)) {
            for (String name : names) {
                if (!syscalls.fstatat(top, name).isDirectory()) {
                    syscalls.unlinkat(top, name, 0);
                    continue;
                }
                try (Fd sub = syscalls.openat2(top, name, OPEN_DIRECTORY, 0, STAY)) {
                    moved = flatten(sub, top, moved);
                }
                syscalls.unlinkat(top, name, Flags.AT_REMOVEDIR);
            }
        }
    }

    private long flatten(Fd sub, Fd top, long movedBefore) throws ErrnoException {
        long moved = movedBefore;
        for (var names = list(sub); !names.isEmpty(); names = list(sub)) {
            for (String name : names) {
                if (syscalls.fstatat(sub, name).isDirectory()) {
                    moved = moveUp(sub, name, top, moved);
                } else {
                    syscalls.unlinkat(sub, name, 0);
                }
            }
        }
        return moved;
    }

    private List<String> list(Fd directory) throws ErrnoException {
        return syscalls.list(directory, NAMES_AT_ONCE);
    }

    private long moveUp(Fd sub, String name, Fd top, long moved) throws ErrnoException {
        for (long number = moved; ; number++) {
            try {
                syscalls.renameat2(sub, name, top, ".rm-" + number, Flags.RENAME_NOREPLACE);
                return number + 1;
            } catch (ErrnoException e) {
                if (!e.is("EEXIST")) {
                    throw e;
                }
            }
        }
    }
}
