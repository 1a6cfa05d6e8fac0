package io.berth.images.content;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A directory that is being filled with what a stranger says. Every name is resolved by the kernel inside it, links on
 * the way included, and acted on relative to the descriptor of its parent. Not thread-safe.
 */
final class LayerTree implements AutoCloseable {

    private static final int OPEN_PARENT = Flags.O_PATH | Flags.O_DIRECTORY;
    private static final long IN_ROOT = Flags.RESOLVE_IN_ROOT | Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_XDEV;
    private static final long NO_LINKS =
            Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS;

    private final Syscalls syscalls;
    private final TreeRemover remover;
    private final EntryBudget budget;
    private final Fd root;
    private @Nullable String cachedPath;
    private @Nullable Fd cached;

    LayerTree(Syscalls syscalls, Path directory, EntryBudget budget) throws ErrnoException {
        this.syscalls = syscalls;
        this.remover = new TreeRemover(syscalls);
        this.budget = budget;
        this.root = syscalls.open(directory, Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_NOFOLLOW, 0);
    }

    Fd root() {
        return root;
    }

    /** The parent's descriptor, good until the next call; missing directories are made. */
    Fd parent(EntryName name) throws ErrnoException, TarFormatException {
        if (name.parent().isEmpty()) {
            return root;
        }
        Fd known = cached;
        if (known != null && name.parent().equals(cachedPath)) {
            return known;
        }
        forget();
        Fd opened = openOrMake(name.parent());
        cached = opened;
        cachedPath = name.parent();
        return opened;
    }

    /** Opens a directory that exists; the caller closes it. */
    Fd open(String path) throws ErrnoException {
        return syscalls.openat2(root, path.isEmpty() ? "." : path, OPEN_PARENT, 0, IN_ROOT);
    }

    /** Opens a directory that exists, unless its last component is a link; the caller closes it. */
    Fd openItself(String path) throws ErrnoException {
        return syscalls.openat2(root, path.isEmpty() ? "." : path, OPEN_PARENT | Flags.O_NOFOLLOW, 0, IN_ROOT);
    }

    /** Makes a new file. Fails with EEXIST rather than open what is there. */
    Fd create(Fd parent, String name) throws ErrnoException {
        return syscalls.openat2(
                parent, name, Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.O_NOFOLLOW, 0600, NO_LINKS);
    }

    @Nullable
    FileStat stat(Fd parent, String name) throws ErrnoException {
        try {
            return syscalls.fstatat(parent, name);
        } catch (ErrnoException e) {
            if (e.is("ENOENT")) {
                return null;
            }
            throw e;
        }
    }

    /** Removes what has the name, with all below it. */
    void remove(Fd parent, String name, FileStat stat) throws ErrnoException {
        remover.remove(parent, name);
        if (stat.isDirectory() || stat.isSymbolicLink()) {
            // a cached parent may have been reached through it; `parent` itself stays usable until the next call
            cachedPath = null;
        }
    }

    private Fd openOrMake(String path) throws ErrnoException, TarFormatException {
        try {
            return open(path);
        } catch (ErrnoException e) {
            if (!e.is("ENOENT")) {
                throw e;
            }
        }
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        try (Fd above = slash < 0 ? open("") : openOrMake(path.substring(0, slash))) {
            budget.spend();
            syscalls.mkdirat(above, name, 0755);
            syscalls.fchmodat(above, name, 0755);
        }
        return open(path);
    }

    private void forget() {
        Fd known = cached;
        if (known != null) {
            known.close();
        }
        cached = null;
        cachedPath = null;
    }

    @Override
    public void close() {
        forget();
        root.close();
    }
}
