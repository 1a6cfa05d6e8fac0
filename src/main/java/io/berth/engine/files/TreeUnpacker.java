package io.berth.engine.files;

import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.FilePath;
import io.berth.engine.FileTree;
import io.berth.engine.FileTree.Entry;
import io.berth.engine.files.FileWriter.Owner;
import io.berth.engine.files.Root.Place;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;

/**
 * Puts a stranger's tree into a directory that is the root of everything to it: links on the way, of the tree or there before, lead
 * nowhere else. Directories are made as they are missing.
 */
final class TreeUnpacker {

    private final Root root;
    private final Syscalls syscalls;
    private final FileWriter writer;

    /** @param root the directory to fill */
    TreeUnpacker(Root root) {
        this.root = root;
        this.syscalls = root.syscalls;
        this.writer = new FileWriter(root);
    }

    int unpack(FileTree tree) throws IOException {
        int made = 0;
        for (Entry entry = tree.next(); entry != null; entry = tree.next()) {
            try {
                FilePath path = FilePath.parse("/" + entry.path());
                if (path.isRoot()) {
                    top(entry);
                } else {
                    make(path, entry, tree);
                }
                made++;
            } catch (ErrnoException e) {
                throw FileFailures.translate("/" + entry.path(), e);
            } catch (IllegalArgumentException e) {
                throw FileFailures.of(Problem.INVALID, entry.path(), "the entry's name " + e.getMessage());
            }
        }
        return made;
    }

    private void top(Entry entry) throws ErrnoException {
        if (entry.kind() != FileTree.Kind.DIRECTORY) {
            throw FileFailures.of(Problem.IS_A_DIRECTORY, "/", "an entry would replace the directory itself");
        }
        // it was there before: it keeps its owner and mode
    }

    private void make(FilePath path, Entry entry, FileTree data) throws IOException {
        for (int made = writer.parents(path.parent()); made > 0; made--) {
            data.parentMade();
        }
        try (Place place = root.find(path)) {
            FileStat there = place.stat();
            if (entry.kind() == FileTree.Kind.DIRECTORY) {
                directory(place, path, entry);
            } else if (there != null && there.isDirectory()) {
                throw FileFailures.of(
                        Problem.IS_A_DIRECTORY, path.value(), "a directory is there, which is not replaced");
            } else {
                root.requireUnmounted(place.directory(), place.name(), path);
                switch (entry.kind()) {
                    case FILE -> file(place, entry, data);
                    case SYMLINK -> symlink(place, entry);
                    default -> hardLink(place, path, entry);
                }
            }
        }
    }

    private Owner owner(Entry entry) {
        return new Owner(root.ids.toHost(entry.uid()), root.ids.toHost(entry.gid()), entry.mode() & 07777);
    }

    private void directory(Place place, FilePath path, Entry entry) throws ErrnoException {
        FileStat there = place.stat();
        if (there == null) {
            writer.directory(place.directory(), place.name(), owner(entry));
        } else if (there.isDirectory()) {
            adopt(place, entry);
        } else if (!leadsToDirectory(path)) {
            throw FileFailures.of(
                    Problem.NOT_A_DIRECTORY,
                    path.value(),
                    "something is there that is no directory, and is not replaced");
        }
    }

    /** A mount point keeps what it has. */
    private void adopt(Place place, Entry entry) throws ErrnoException {
        try (Fd there = root.openHere(place.directory(), place.name(), Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            writer.adopt(there, owner(entry));
        } catch (ErrnoException e) {
            if (!e.is("EXDEV")) {
                throw e;
            }
        }
    }

    /** As {@code /bin} does where it is a link to {@code usr/bin}: such a link stays. */
    private boolean leadsToDirectory(FilePath path) throws ErrnoException {
        try (Fd there = root.open(path, Root.DIRECTORY)) {
            return root.isOwn(there);
        } catch (ErrnoException e) {
            if (e.is("ENOENT") || e.is("ENOTDIR") || e.is("ELOOP")) {
                return false;
            }
            throw e;
        }
    }

    private void file(Place place, Entry entry, FileTree data) throws IOException {
        long[] time = {entry.mtimeSeconds(), entry.mtimeNanos()};
        writer.file(place.directory(), place.name(), owner(entry), time, data::read, 0, () -> {});
    }

    private void symlink(Place place, Entry entry) throws IOException {
        Owner owner = owner(entry);
        writer.replacing(place.directory(), place.name(), draft -> {
            syscalls.symlinkat(entry.target(), place.directory(), draft);
            syscalls.fchownat(place.directory(), draft, owner.uid(), owner.gid());
        });
    }

    private void hardLink(Place place, FilePath path, Entry entry) throws IOException {
        FilePath target = FilePath.parse("/" + entry.target());
        if (target.isRoot()) {
            throw FileFailures.of(Problem.NOT_FOUND, path.value(), "it is a link to nothing");
        }
        if (target.equals(path)) {
            return;
        }
        try (Place linked = root.find(target)) {
            FileStat stat = linked.stat();
            if (stat == null || !stat.isRegularFile()) {
                throw FileFailures.of(
                        Problem.NOT_FOUND, path.value(), "it is a link to what is no file of the directory");
            }
            writer.replacing(
                    place.directory(),
                    place.name(),
                    draft -> syscalls.linkat(linked.directory(), linked.name(), place.directory(), draft));
        }
    }
}
