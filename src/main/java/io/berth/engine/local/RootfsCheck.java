package io.berth.engine.local;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.UnusableRootfsException;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Looks whether the places of a container's mounts are such that the runtime can mount there, and leads nowhere it must not:
 * an image may hold anything. What it refuses, the runtime would refuse too, in words for nobody but its authors.
 */
final class RootfsCheck {

    private static final List<String> KERNEL = List.of("/proc", "/sys", "/dev");
    private static final List<String> ETC_FILES = List.of("/etc/hosts", "/etc/hostname", "/etc/resolv.conf");
    private static final long INSIDE = Flags.RESOLVE_IN_ROOT | Flags.RESOLVE_NO_MAGICLINKS;

    private final Syscalls syscalls;

    RootfsCheck(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /**
     * @param tmpfs the places where the container wants file systems in memory
     * @throws UnusableRootfsException if not
     */
    void require(Path rootfs, Collection<String> tmpfs) throws IOException {
        try (Fd root = syscalls.open(rootfs, Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            for (String path : KERNEL) {
                Optional<FileStat> own = stat(root, path, Flags.O_NOFOLLOW);
                if (own.isPresent() && !own.get().isDirectory()) {
                    throw refuse(path, "must be a directory, or not be there: the kernel's own is mounted on it");
                }
            }
            Optional<FileStat> etc = stat(root, "/etc", 0);
            if (etc.isPresent() ? !etc.get().isDirectory() : isThere(root, "/etc")) {
                throw refuse("/etc", "must be a directory, or a link to one in the image, or not be there");
            }
            for (String path : ETC_FILES) {
                if (stat(root, path, 0).filter(FileStat::isDirectory).isPresent()) {
                    throw refuse(path, "must be a file, or not be there: the container's own is mounted on it");
                }
            }
            for (String path : tmpfs) {
                requireTmpfs(root, rootfs, path);
            }
        }
    }

    /** The runtime makes what is missing of the path, below what there is of it. */
    private void requireTmpfs(Fd root, Path rootfs, String path) throws IOException {
        Path there = Path.of(path).normalize();
        Path missing = null;
        while (stat(root, there.toString(), 0).isEmpty() && there.getParent() != null) {
            missing = there;
            there = there.getParent();
        }
        try (Fd place = syscalls.openat2(root, there.toString(), Flags.O_PATH, 0, INSIDE)) {
            Path target = Path.of("/")
                    .resolve(rootfs.relativize(
                            Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(place.number())))));
            if (KERNEL.stream().anyMatch(target::startsWith)) {
                throw refuse(path, "leads to " + target + ", where 'tmpfs' must not be: choose another path");
            }
            if (!syscalls.fstatat(place, "").isDirectory()) {
                throw refuse(path, "is no directory, or goes over a file: choose another path for 'tmpfs'");
            }
        }
        if (missing != null && isThere(root, missing.toString())) {
            throw refuse(path, "goes over a link that leads nowhere: choose another path for 'tmpfs'");
        }
    }

    /**
     * What it means that the runtime could not start a process, of which it has several stories to tell when the working
     * directory is to blame: one in /proc, a link there, a file.
     */
    EngineException explain(Path rootfs, String workingDir, EngineException failure) {
        if (failure.reason() != Reason.INTERNAL || isUsual(rootfs, workingDir)) {
            return failure;
        }
        return new EngineException(Reason.WORKING_DIR, "the working directory " + workingDir, failure);
    }

    private boolean isUsual(Path rootfs, String workingDir) {
        Path path = Path.of(workingDir).normalize();
        if (path.startsWith("/proc") && !path.equals(Path.of("/proc"))) {
            return false;
        }
        try (Fd root = syscalls.open(rootfs, Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            return stat(root, workingDir, 0).filter(FileStat::isDirectory).isPresent();
        } catch (IOException unknown) {
            return true;
        }
    }

    private boolean isThere(Fd root, String path) throws IOException {
        return stat(root, path, Flags.O_NOFOLLOW).isPresent();
    }

    private Optional<FileStat> stat(Fd root, String path, int flags) throws IOException {
        try (Fd file = syscalls.openat2(root, path, Flags.O_PATH | flags, 0, INSIDE)) {
            return Optional.of(syscalls.fstatat(file, ""));
        } catch (ErrnoException e) {
            if (isAbsence(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static boolean isAbsence(ErrnoException e) {
        return e.is("ENOENT") || e.is("ENOTDIR") || e.is("ELOOP");
    }

    private static UnusableRootfsException refuse(String path, String why) {
        return new UnusableRootfsException(path, why);
    }
}
