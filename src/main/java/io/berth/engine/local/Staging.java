package io.berth.engine.local;

import io.berth.common.Rollback;
import io.berth.engine.ContainerId;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jboss.logging.Logger;

/**
 * Shows the runtime what it makes a container of, for as long as that takes: the root file system and the network
 * namespace, each bound to a second place. The first ones are left out of the runtime's mount namespace ({@link
 * RuntimeNamespace}), of which it makes a copy for each container. The container keeps its own of both.
 *
 * <p>runc has no such namespace, and looks for the root file system where it was at every later command: it is shown the
 * first places.
 */
final class Staging {

    private static final Logger LOG = Logger.getLogger(Staging.class);
    /** The runtime, being root of a group only, must get through to the mount points. */
    private static final String THROUGH = "rwx--x--x";

    private final Syscalls syscalls;
    private final Path directory;
    private final boolean second;

    /**
     * @param directory on a mount that the runtime's namespace shares
     * @param second whether there is to be a second place
     */
    Staging(Syscalls syscalls, Path directory, boolean second) {
        this.syscalls = syscalls;
        this.directory = directory;
        this.second = second;
    }

    /** Makes the directory, and removes what a crash left in it. */
    void clear() throws IOException {
        makeDirectory(directory);
        try (DirectoryStream<Path> homes = Files.newDirectoryStream(directory)) {
            for (Path home : homes) {
                new SecondPlace(home).close();
            }
        }
    }

    /** @param network pins the namespace */
    Stage show(ContainerId container, Path rootfs, Path network) throws IOException {
        if (!second) {
            return new Shown(rootfs, network);
        }
        SecondPlace stage = new SecondPlace(directory.resolve(container.value()));
        try (Rollback rollback = new Rollback()) {
            rollback.push("stage of " + container, stage::remove);
            stage.remove(); // one that could not be removed the last time
            makeDirectory(stage.home);
            bind(rootfs, Files.createDirectory(stage.rootfs()));
            bind(network, Files.createFile(stage.network()));
            rollback.disarm();
            return stage;
        }
    }

    /** What is still shown of a container, of a stage that could not be closed for one. Repeatable. */
    void remove(ContainerId container) throws IOException {
        if (second) {
            new SecondPlace(directory.resolve(container.value())).remove();
        }
    }

    private void bind(Path source, Path target) throws IOException {
        syscalls.mount(source.toString(), target, "none", Flags.MS_BIND, null);
    }

    private void unmount(Path target) throws IOException {
        try {
            syscalls.umount(target, Flags.MNT_DETACH);
        } catch (ErrnoException e) {
            if (!e.is("EINVAL") && !e.is("ENOENT")) { // not mounted, or not there
                throw e;
            }
        }
    }

    private static void makeDirectory(Path made) throws IOException {
        Files.createDirectories(made);
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(THROUGH));
    }

    /** What is shown, until it is closed. */
    interface Stage extends AutoCloseable {
        Path rootfs();

        Path network();

        @Override
        void close();
    }

    private record Shown(Path rootfs, Path network) implements Stage {
        @Override
        public void close() {
            // both stay where they are
        }
    }

    private final class SecondPlace implements Stage {

        private final Path home;

        private SecondPlace(Path home) {
            this.home = home;
        }

        @Override
        public Path rootfs() {
            return home.resolve("rootfs");
        }

        @Override
        public Path network() {
            return home.resolve("netns");
        }

        @Override
        public void close() {
            try {
                remove();
            } catch (IOException e) {
                LOG.warnf(e, "could not remove %s; it is tried again when the run is taken down", home);
            }
        }

        /** Each by itself and only if it is empty: beneath lie the container's own files as long as they are shown. */
        private void remove() throws IOException {
            if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            unmount(rootfs());
            unmount(network());
            Files.deleteIfExists(rootfs());
            Files.deleteIfExists(network());
            Files.deleteIfExists(home);
        }
    }
}
