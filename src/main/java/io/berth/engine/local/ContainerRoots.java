package io.berth.engine.local;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.bundle.BundleSpec;
import io.berth.engine.files.IdRange;
import io.berth.engine.files.Root;
import io.berth.engine.files.RootSource;
import io.berth.engine.files.RootedFileSystem;
import io.berth.engine.local.Groups.Group;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the root file systems of containers. One that runs has its own, with all that is mounted in it, by its first process; that of
 * one that is stopped is mounted for a moment. A reader keeps the file system by its descriptor, whatever becomes of the container.
 */
final class ContainerRoots {

    private static final Logger LOG = Logger.getLogger(ContainerRoots.class);
    private static final long OVERLAYFS = 0x794c7630L;
    private static final long TMPFS = 0x01021994L;
    private static final int END_SECONDS = 10;
    private static final int DIRECTORY = Flags.O_PATH | Flags.O_DIRECTORY;

    private final LocalParts parts;
    private final Containers containers;
    private final Syscalls syscalls;

    ContainerRoots(LocalParts parts, Containers containers) {
        this.parts = parts;
        this.containers = containers;
        this.syscalls = parts.syscalls();
    }

    RootedFileSystem files(LocalContainer container) {
        return new RootedFileSystem(
                new RootSource() {
                    @Override
                    public Root toRead() throws IOException {
                        return open(container, false);
                    }

                    @Override
                    public Root toWrite() throws IOException {
                        return open(container, true);
                    }
                },
                container.renames);
    }

    private Root open(LocalContainer container, boolean write) throws IOException {
        while (true) {
            Run ending;
            container.lockForCommand();
            boolean keep = false;
            try {
                if (containers.find(container.id()).filter(container::equals).isEmpty()) {
                    throw new EngineException(Reason.NOT_FOUND, "container " + container.id() + " was deleted");
                }
                Run run = container.run;
                if (run == null) {
                    keep = write;
                    return stopped(container, write);
                }
                Fd top = rootOf(Launcher.cgroup(container.config), run);
                if (top != null) {
                    return root(container, top, false, () -> {});
                }
                ending = run;
            } catch (IOException | RuntimeException e) {
                keep = false;
                throw e;
            } finally {
                if (!keep) {
                    container.lock.unlock();
                }
            }
            awaitEnd(container, ending);
        }
    }

    /** @return {@code null} if the process has ended */
    private @Nullable Fd rootOf(String cgroup, Run run) throws IOException {
        Optional<Fd> process = parts.pidfds().openIn(cgroup, run.pid);
        if (process.isEmpty()) {
            return null;
        }
        try (Fd alive = process.get()) {
            Fd top = syscalls.open(
                    parts.procRoot().resolve(Integer.toString(run.pid)).resolve("root"), DIRECTORY, 0);
            try {
                // its number cannot have been given to another before this, so what was opened is its own
                syscalls.pidfdSendSignal(alive, 0);
                return top;
            } catch (ErrnoException e) {
                top.close();
                throw e;
            }
        } catch (ErrnoException e) {
            if (e.is("ENOENT") || e.is("ESRCH")) {
                return null;
            }
            throw e;
        }
    }

    /** @param write keeps the container's lock, until the root is closed */
    private Root stopped(LocalContainer container, boolean write) throws IOException {
        Group group = parts.groups().get(container.config.group());
        if (!write) {
            Fd top = parts.snapshotter()
                    .look(
                            container.id(),
                            group.id(),
                            container.config.layers(),
                            group.userNamespace(),
                            group.firstId());
            return root(container, top, true, () -> {});
        }
        Path rootfs = parts.snapshotter()
                .prepare(container.id(), group.id(), container.config.layers(), group.userNamespace(), group.firstId());
        try {
            Fd top = syscalls.open(rootfs, DIRECTORY, 0);
            return root(container, top, container.config.readOnlyRootfs(), () -> {
                try {
                    unmount(container);
                } finally {
                    container.lock.unlock();
                }
            });
        } catch (IOException | RuntimeException e) {
            unmount(container);
            throw e;
        }
    }

    private void unmount(LocalContainer container) {
        try {
            parts.snapshotter().unmount(container.id());
        } catch (IOException e) {
            LOG.warnf(e, "could not unmount the files of %s; it is tried again at the next start", container.id());
        }
    }

    private Root root(LocalContainer container, Fd top, boolean readOnly, Runnable release) throws IOException {
        try {
            int firstId = parts.groups().get(container.config.group()).firstId();
            Set<Long> own = Set.of(
                    OVERLAYFS,
                    TMPFS,
                    // files of its own that Berth mounts, /etc/hosts for one
                    syscalls.filesystemType(parts.files().layout().dataDir()));
            return new Root(syscalls, top, new IdRange(firstId, BundleSpec.ID_RANGE), own, readOnly, release);
        } catch (IOException | RuntimeException e) {
            top.close();
            throw e;
        }
    }

    private static void awaitEnd(LocalContainer container, Run run) {
        try {
            run.exit.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(Reason.INTERNAL, "interrupted while " + container.id() + " ended", e);
        } catch (TimeoutException | ExecutionException e) {
            throw new EngineException(Reason.WRONG_STATE, "container " + container.id() + " is ending", e);
        }
    }
}
