package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerEngine;
import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.ContainerFileSystem;
import io.berth.engine.ContainerFilesContract;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.FileAttributes;
import io.berth.engine.FileContent;
import io.berth.engine.FileTree;
import io.berth.engine.FileType;
import io.berth.engine.FileWrite;
import io.berth.testing.KernelTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Files of real containers: what is mounted in them, and what is left of the work on them. */
@KernelTest
class LocalFilesIT extends ContainerFilesContract {

    private static EngineHost host;

    @BeforeAll
    static void open(TestInfo test) throws IOException {
        host = new EngineHost(WithRuntime.Choice.of(test));
    }

    @AfterAll
    static void close() throws IOException {
        host.close();
        assertThat(host.traces()).isEmpty();
    }

    @Override
    protected ContainerEngine engine() {
        return host.engine();
    }

    @Override
    protected List<Path> layers() {
        return List.of(host.busybox);
    }

    @Override
    protected List<String> sleepForever() {
        return List.of("sleep", "1000000");
    }

    @Test
    void keepsOffWhatIsNotTheContainersOwn() throws IOException {
        ContainerFileSystem files = engine().files(container(true, false));
        for (String path : List.of("/proc", "/sys", "/dev/pts", "/dev/mqueue")) {
            assertProblem(Problem.FOREIGN, () -> files.list(path(path), 10));
        }
        assertProblem(Problem.FOREIGN, () -> files.read(path("/proc/1/environ")));
        assertProblem(Problem.TOO_DEEP, () -> files.list(path("/proc/1/root"), 10));
        assertProblem(Problem.TOO_DEEP, () -> files.read(path("/proc/1/cwd/etc/passwd")));
        assertProblem(Problem.FOREIGN, () -> write(files, "/proc/sys/kernel/hostname", "x"));
        assertProblem(Problem.NOT_A_FILE, () -> files.read(path("/dev/zero")));
        assertProblem(Problem.NOT_A_FILE, () -> write(files, "/dev/null", "x"));
        assertThat(files.stat(path("/dev/null")).type()).isEqualTo(FileType.CHARACTER);
        assertThat(read(files, "/etc/hosts")).contains("127.0.0.1");
        assertProblem(Problem.MOUNTED, () -> write(files, "/etc/hosts", "x"));
        assertProblem(Problem.MOUNTED, () -> files.delete(path("/etc/hosts"), false));
        assertProblem(Problem.MOUNTED, () -> files.move(path("/etc/hosts"), path("/tmp/hosts"), false));
        assertProblem(Problem.MOUNTED, () -> files.move(path("/etc/passwd"), path("/etc/hosts"), true));
        assertProblem(Problem.MOUNTED, () -> files.unpack(path("/etc"), tree(file("hosts", "x"))));
        assertProblem(Problem.MOUNTED, () -> files.delete(path("/etc"), true));
        assertProblem(Problem.MOUNTED, () -> files.delete(path("/proc"), false));
        assertProblem(Problem.MOUNTED, () -> files.move(path("/proc"), path("/tmp/proc"), false));
        assertThat(read(files, "/etc/hosts")).contains("127.0.0.1");
        assertProblem(Problem.MOUNTED, () -> files.delete(path("/dev/shm"), true));
        assertProblem(Problem.MOUNTED, () -> files.delete(path("/dev"), true));
        assertProblem(Problem.TMPFS, () -> write(files, "/dev/shm/f", "x"));
        assertProblem(Problem.TMPFS, () -> files.makeDirectory(path("/dev/shm/d"), FileAttributes.NONE, false));
        assertProblem(Problem.NOT_MOVABLE, () -> files.move(path("/bin/sh"), path("/dev/shm/p"), false));
        // a directory of the image: overlayfs would have to say where it came from
        assertProblem(Problem.NOT_MOVABLE, () -> files.move(path("/root"), path("/tmp/moved"), false));
    }

    @Test
    void archivesAWholeContainerWithoutTheKernelsFileSystems() throws IOException {
        ContainerFileSystem files = engine().files(container(true, false));
        List<String> seen = new ArrayList<>();
        try (FileTree walk = files.walk(path("/"))) {
            for (FileTree.Entry entry = walk.next(); entry != null; entry = walk.next()) {
                seen.add(entry.path());
            }
        }
        assertThat(seen)
                .contains(".", "./bin/busybox", "./etc/hosts", "./dev/shm")
                .doesNotContain("./dev/null");
        assertThat(seen).noneMatch(path -> path.startsWith("./proc/") || path.startsWith("./sys/"));
    }

    @Test
    void givesWhatIsWrittenToTheContainersOwnUsers() throws IOException {
        ContainerId id = container(true, false);
        write(engine().files(id), "/tmp/f", "x");
        int uid = (int) Files.getAttribute(host.rootfs(id).resolve("tmp/f"), "unix:uid");
        assertThat(uid).isGreaterThanOrEqualTo(0x1000_0000);
        // the server's own files look like nobody's inside
        Files.writeString(host.rootfs(id).resolve("tmp/g"), "");
        assertThat(engine().files(id).stat(path("/tmp/g")).uid()).isEqualTo(65_534);
        // what is written in the place of one is not the server's
        write(engine().files(id), "/tmp/g", "x");
        uid = (int) Files.getAttribute(host.rootfs(id).resolve("tmp/g"), "unix:uid");
        assertThat(uid).isGreaterThanOrEqualTo(0x1000_0000);
    }

    @Test
    void keepsNobodyWaitingForLongWorkOnAStoppedContainer() throws Exception {
        ContainerFileSystem files = engine().files(container(false, false));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        InputStream slow = new InputStream() {
            @Override
            public int read() throws IOException {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return -1;
            }
        };
        Thread writer = new Thread(() -> files.write(path("/tmp/f"), slow, FileWrite.PLAIN));
        writer.start();
        begun.await();
        try {
            assertThatThrownBy(() -> files.stat(path("/tmp")))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.WRONG_STATE));
        } finally {
            end.countDown();
            writer.join();
        }
        assertThat(files.stat(path("/tmp/f")).size()).isZero();
    }

    @Test
    void leavesNothingMountedAndNoDescriptorsOpen() throws IOException {
        ContainerId running = container(true, false);
        ContainerId stopped = container(false, false);
        for (ContainerId id : List.of(running, stopped)) {
            useAll(engine().files(id));
        }
        long before = descriptors();
        for (int i = 0; i < 20; i++) {
            for (ContainerId id : List.of(running, stopped)) {
                useAll(engine().files(id));
            }
        }
        assertThat(descriptors()).isLessThan(before + 20);
        assertThat(Files.exists(host.rootfs(stopped))).isFalse();
        assertThat(host.traces()).noneMatch(trace -> trace.contains("rootfs/" + stopped));
    }

    private void useAll(ContainerFileSystem files) throws IOException {
        write(files, "/tmp/f", "x");
        try (FileContent open = files.read(path("/tmp/f"));
                FileTree walk = files.walk(path("/etc"))) {
            assertThat(walk.next()).isNotNull();
        }
        assertProblem(Problem.NOT_FOUND, () -> files.read(path("/tmp/no")));
        assertProblem(Problem.IS_A_DIRECTORY, () -> files.read(path("/tmp")));
        files.list(path("/bin"), 1000);
        files.unpack(path("/tmp"), tree(file("a/b", "x"), link("l", "a")));
        files.delete(path("/tmp/a"), true);
        files.delete(path("/tmp/l"), false);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void findsFilesOfStoppedContainersAfterARestartOfTheServer() {
        ContainerId id = container(false, false);
        write(engine().files(id), "/tmp/f", "kept");
        host.restart();
        assertThat(read(engine().files(id), "/tmp/f")).isEqualTo("kept");
    }
}
