package io.berth.engine.files;

import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.ContainerFileSystem;
import io.berth.engine.FileAttributes;
import io.berth.engine.FileContent;
import io.berth.engine.FileInfo;
import io.berth.engine.FileListing;
import io.berth.engine.FilePath;
import io.berth.engine.FileTree;
import io.berth.engine.FileWrite;
import io.berth.engine.files.FileWriter.Owner;
import io.berth.engine.files.Root.Place;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The files of a container below a directory that somebody else opens. */
public final class RootedFileSystem implements ContainerFileSystem {

    private static final int BUFFER = 128 << 10;

    /** Characters of all names and targets of links in a listing: the container chooses how long they are. */
    private static final int MOST_TEXT = 1 << 20;

    private final RootSource source;
    private final ReentrantLock renames;

    /** @param renames held while a condition is asked and the file renamed, so that of two such writes one sees the other */
    public RootedFileSystem(RootSource source, ReentrantLock renames) {
        this.source = source;
        this.renames = renames;
    }

    private interface Work<T> {
        T in(Root root) throws IOException;
    }

    private <T> T reading(FilePath path, Work<T> work) {
        try (Root root = source.toRead()) {
            return work.in(root);
        } catch (IOException e) {
            throw FileFailures.translate(path.value(), e);
        }
    }

    private <T> T writing(FilePath path, Work<T> work) {
        try (Root root = source.toWrite()) {
            root.requireWritable(path);
            return work.in(root);
        } catch (IOException e) {
            throw FileFailures.translate(path.value(), e);
        }
    }

    @Override
    public FileInfo stat(FilePath path) {
        return reading(path, root -> stat(root, path));
    }

    private static FileInfo stat(Root root, FilePath path) throws ErrnoException {
        if (path.isRoot()) {
            return root.info("/", root.syscalls.fstatat(root.top(), ""), null);
        }
        try (Place place = root.find(path)) {
            FileInfo info = root.info(place.directory(), place.name());
            if (info == null) {
                throw FileFailures.of(Problem.NOT_FOUND, path.value(), "there is nothing");
            }
            return info;
        }
    }

    @Override
    public FileListing list(FilePath path, int limit) {
        return reading(path, root -> {
            try (Fd directory = root.open(path, Root.DIRECTORY)) {
                root.requireOwn(directory, path);
                return list(root, directory, path, limit);
            }
        });
    }

    private static FileListing list(Root root, Fd directory, FilePath path, int limit) throws ErrnoException {
        List<String> names = root.syscalls.list(directory, limit + 1);
        List<FileInfo> entries = new ArrayList<>();
        boolean truncated = names.size() > limit;
        long text = 0;
        for (String name : names.subList(0, Math.min(limit, names.size()))) {
            FileInfo info = root.info(directory, name);
            if (info == null) {
                continue;
            }
            text += name.length()
                    + (info.linkTarget() == null ? 0 : info.linkTarget().length());
            if (text > MOST_TEXT) {
                truncated = true;
                break;
            }
            entries.add(info);
        }
        entries.sort(Comparator.comparing(FileInfo::name));
        FileInfo itself = root.info(path.name(), root.syscalls.fstatat(directory, ""), null);
        return new FileListing(itself, entries, truncated);
    }

    @Override
    public FileContent read(FilePath path) {
        return reading(path, root -> {
            try (Fd found = root.open(path, Flags.O_PATH)) {
                FileStat stat = root.syscalls.fstatat(found, "");
                requireFile(path, stat);
                root.requireOwn(found, path);
                return new OpenFile(
                        root.syscalls, root.reopen(found), root.info(path.name(), stat, null), path.value());
            }
        });
    }

    private static void requireFile(FilePath path, FileStat stat) {
        if (stat.isDirectory()) {
            throw FileFailures.of(Problem.IS_A_DIRECTORY, path.value(), "it is a directory");
        }
        if (!stat.isRegularFile()) {
            throw FileFailures.of(
                    Problem.NOT_A_FILE, path.value(), "it is a " + Root.type(stat) + " and has no content");
        }
    }

    @Override
    public Written write(FilePath path, InputStream content, FileWrite how) {
        return writing(path, root -> {
            if (path.isRoot()) {
                throw FileFailures.of(Problem.IS_A_DIRECTORY, path.value(), "it is a directory");
            }
            FileWriter writer = new FileWriter(root);
            if (how.parents()) {
                writer.parents(path.parent());
            }
            try (Place place = root.follow(path)) {
                check(root, path, place.stat(), how);
                root.requireUnmounted(place.directory(), place.name(), path);
                Owner owner = writer.owner(how.attributes(), place.stat(), FileWriter.FILE_MODE);
                int flags = how.mustBeNew() ? Flags.RENAME_NOREPLACE : 0;
                renames.lock();
                try {
                    FileStat written = writer.file(
                            place.directory(),
                            place.name(),
                            owner,
                            null,
                            data(content),
                            flags,
                            () -> check(root, path, root.stat(place.directory(), place.name()), how));
                    return new Written(root.info(path.name(), written, null), place.stat() == null);
                } finally {
                    renames.unlock();
                }
            }
        });
    }

    private static void check(Root root, FilePath path, @Nullable FileStat present, FileWrite how) {
        if (present != null) {
            requireFile(path, present);
        }
        how.condition().check(present == null ? null : root.info(path.name(), present, null));
    }

    private static FileWriter.Data data(InputStream content) {
        byte[] bytes = new byte[BUFFER];
        return buffer -> {
            int count = content.read(bytes, 0, Math.min(bytes.length, buffer.remaining()));
            if (count > 0) {
                buffer.put(bytes, 0, count);
            }
            return count;
        };
    }

    @Override
    public FileInfo makeDirectory(FilePath path, FileAttributes attributes, boolean parents) {
        return writing(path, root -> {
            FileWriter writer = new FileWriter(root);
            if (parents) {
                writer.parents(path.parent());
            }
            if (path.isRoot()) {
                return existing(root, path, parents);
            }
            try (Place place = root.find(path)) {
                Owner owner = writer.owner(attributes, null, FileWriter.DIRECTORY_MODE);
                writer.directory(place.directory(), place.name(), owner);
                return stat(root, path);
            } catch (ErrnoException e) {
                if (e.is("EEXIST")) {
                    return existing(root, path, parents);
                }
                throw e;
            }
        });
    }

    private static FileInfo existing(Root root, FilePath path, boolean good) throws ErrnoException {
        FileInfo there = stat(root, path);
        if (!good || !there.isDirectory()) {
            throw FileFailures.of(Problem.EXISTS, path.value(), "it is there already");
        }
        return there;
    }

    @Override
    public void move(FilePath from, FilePath to, boolean overwrite) {
        if (from.isRoot() || to.isRoot() || from.isAbove(to)) {
            throw FileFailures.of(Problem.INVALID, from.value(), "it cannot be moved to " + to);
        }
        writing(from, root -> {
            try (Place source = root.find(from);
                    Place target = root.find(to)) {
                source.require();
                root.requireUnmounted(source.directory(), source.name(), from);
                root.requireUnmounted(target.directory(), target.name(), to);
                root.syscalls.renameat2(
                        source.directory(),
                        source.name(),
                        target.directory(),
                        target.name(),
                        overwrite ? 0 : Flags.RENAME_NOREPLACE);
                return true;
            } catch (ErrnoException e) {
                if (e.is("EEXIST") && overwrite) { // rename(2) says so of a directory that is not empty
                    throw FileFailures.of(Problem.NOT_EMPTY, to.value(), "it is a directory that is not empty");
                }
                if (e.is("EEXIST")) {
                    throw FileFailures.of(Problem.EXISTS, to.value(), "it is there already");
                }
                throw e;
            }
        });
    }

    @Override
    public void delete(FilePath path, boolean recursive) {
        if (path.isRoot()) {
            throw FileFailures.of(Problem.INVALID, path.value(), "the root cannot be deleted");
        }
        writing(path, root -> {
            try (Place place = root.find(path)) {
                root.requireUnmounted(place.directory(), place.name(), path);
                if (!place.require().isDirectory()) {
                    root.syscalls.unlinkat(place.directory(), place.name(), 0);
                } else if (recursive) {
                    new TreeDeleter(root, path).remove(place.directory(), place.name());
                } else {
                    root.syscalls.unlinkat(place.directory(), place.name(), Flags.AT_REMOVEDIR);
                }
                return true;
            }
        });
    }

    @Override
    public FileTree walk(FilePath path) {
        Root root = null;
        try {
            root = source.toRead();
            return new TreeWalk(root, path);
        } catch (IOException e) {
            close(root);
            throw FileFailures.translate(path.value(), e);
        } catch (RuntimeException e) {
            close(root);
            throw e;
        }
    }

    private static void close(@Nullable Root root) {
        if (root != null) {
            root.close();
        }
    }

    @Override
    public int unpack(FilePath directory, FileTree tree) throws IOException {
        try (Root root = source.toWrite()) {
            root.requireWritable(directory);
            try (Root target = root.below(directory)) {
                return new TreeUnpacker(target).unpack(tree);
            }
        } catch (ErrnoException e) {
            throw FileFailures.translate(directory.value(), e);
        }
    }
}
