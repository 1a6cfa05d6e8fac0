package io.berth.images.content;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Set;

/** Unpacks the tar of a layer into an empty directory, for use as a lower directory of overlayfs. */
final class LayerUnpacker {

    /** Failures that are the archive's and not the host's. */
    private static final Set<String> ARCHIVES_FAULT = Set.of(
            "ENAMETOOLONG", "ELOOP", "ENOTDIR", "EISDIR", "EEXIST", "ENOENT", "EXDEV", "EMLINK", "EINVAL", "EILSEQ");

    private final Syscalls syscalls;
    private final ContentLimits limits;

    LayerUnpacker(Syscalls syscalls, ContentLimits limits) {
        this.syscalls = syscalls;
        this.limits = limits;
    }

    /**
     * Reads the tar to its end marker. Whatever fails, the directory is left half filled for the caller to remove.
     *
     * @param tar not compressed
     * @param directory empty, owned by root, not reachable by unprivileged users of the host: it will hold set-id files
     * @throws TarFormatException naming the entry that an image may not have
     */
    void unpack(InputStream tar, Path directory) throws IOException {
        TarReader reader = new TarReader(tar, limits.headerBytes(), false);
        EntryBudget budget = new EntryBudget(limits.entries());
        try (LayerTree tree = new LayerTree(syscalls, directory, budget)) {
            syscalls.fchmodat(tree.root(), ".", 0755);
            EntryApplier applier = new EntryApplier(syscalls, tree, limits);
            for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted while unpacking");
                }
                budget.spend();
                apply(applier, entry, reader);
            }
            applier.finish();
        }
    }

    private static void apply(EntryApplier applier, TarEntry entry, TarReader reader) throws IOException {
        try {
            applier.apply(entry, reader);
        } catch (ErrnoException e) {
            if (ARCHIVES_FAULT.contains(e.errno())) {
                throw new TarFormatException(
                        "entry " + Utf8.printable(entry.name()) + " cannot be made (" + e.errno() + ")", e);
            }
            throw e;
        }
    }
}
