package io.berth.engine.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.Subprocess;
import io.berth.engine.DiskSize;
import io.berth.engine.WalkPace;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a container, as hostile as they may be. */
class SizeWalkTest {

    private static final int MANY = 100_000;
    private static final int MIB = 1 << 20;

    private final Syscalls syscalls = new JnrSyscalls();

    @TempDir
    Path directory;

    private int looks;

    private DiskSize measure(int entries) throws IOException {
        return measure(entries, () -> looks++);
    }

    private DiskSize measure(int entries, WalkPace pace) throws IOException {
        return new SizeWalk(syscalls, entries, pace).measure(directory.resolve("upper"));
    }

    private Path upper() throws IOException {
        return Files.createDirectories(directory.resolve("upper"));
    }

    private static Path write(Path file, int bytes) throws IOException {
        return Files.write(file, new byte[bytes]);
    }

    /** A chain of directories deeper than any path may be long. */
    private void deepen(Path from, int levels, byte[] atTheEnd) throws IOException {
        int open = Flags.O_RDONLY | Flags.O_DIRECTORY;
        Fd at = syscalls.open(from, open, 0);
        for (int i = 0; i < levels; i++) {
            syscalls.mkdirat(at, "d", 0755);
            Fd next = syscalls.openat2(at, "d", open, 0, 0);
            at.close();
            at = next;
        }
        Files.write(Path.of("/proc/self/fd/" + at.number() + "/end"), atTheEnd);
        at.close();
    }

    /** What JUnit's own way of removing it cannot. */
    @AfterEach
    void remove() throws IOException {
        new TreeRemover(syscalls).remove(directory.resolve("upper"));
    }

    @Test
    void addsUpWhatFilesOccupyAsDuDoes() throws IOException {
        Path deep = Files.createDirectories(upper().resolve("a/b/c"));
        write(deep.resolve("big"), 3 * MIB);
        write(upper().resolve("small"), 1);
        long du = Long.parseLong(Subprocess.run(Duration.ofSeconds(10), List.of("du", "-s", "-B1", upper().toString()))
                .orThrow()
                .stdout()
                .split("\t")[0]);
        assertThat(measure(MANY)).isEqualTo(new DiskSize(du, true));
        assertThat(du).isBetween(3L * MIB, 3L * MIB + 100_000);
        assertThat(looks).isEqualTo(6);
    }

    @Test
    void countsTheHolesOfASparseFileAsNothing() throws IOException {
        try (RandomAccessFile sparse =
                new RandomAccessFile(upper().resolve("sparse").toFile(), "rw")) {
            sparse.setLength(1L << 40);
            sparse.write(new byte[MIB]);
        }
        assertThat(measure(MANY).bytes()).isBetween((long) MIB, 2L * MIB);
    }

    @Test
    void countsAFileOfSeveralNamesOnce() throws IOException {
        Path file = write(upper().resolve("file"), MIB);
        Files.createDirectory(upper().resolve("sub"));
        for (int i = 0; i < 10; i++) {
            Files.createLink(upper().resolve("sub/name" + i), file);
        }
        assertThat(measure(MANY).bytes()).isBetween((long) MIB, 2L * MIB);
    }

    @Test
    void followsNoLink() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        write(outside.resolve("big"), MIB);
        Files.createSymbolicLink(upper().resolve("directory"), outside);
        Files.createSymbolicLink(upper().resolve("file"), outside.resolve("big"));
        Files.createSymbolicLink(upper().resolve("loop"), Path.of("."));
        assertThat(measure(MANY).bytes()).isLessThan(MIB / 2);
    }

    @Test
    void looksAtNoMoreThanItMayAndSaysSo() throws IOException {
        for (int i = 0; i < 50; i++) {
            Path sub = Files.createDirectory(upper().resolve("d" + i));
            for (int j = 0; j < 10; j++) {
                write(sub.resolve("f" + j), 1);
            }
        }
        assertThat(measure(550).complete()).isTrue();
        looks = 0;
        assertThat(measure(549).complete()).isFalse();
        looks = 0;
        assertThat(measure(120).complete()).isFalse();
        assertThat(looks).isEqualTo(121);
    }

    @Test
    void reachesTheBottomOfATreeDeeperThanItsDescriptors() throws IOException {
        Files.createDirectories(upper().resolve("d"));
        deepen(upper(), 0, new byte[0]);
        deepen(upper().resolve("d"), 3000, new byte[MIB]);
        write(upper().resolve("beside"), MIB);
        long before = descriptors();
        long[] most = new long[1];
        DiskSize size = measure(MANY, () -> most[0] = Math.max(most[0], looks++ % 500 == 0 ? descriptors() : 0));
        assertThat(size.complete()).isTrue();
        assertThat(size.bytes()).isGreaterThanOrEqualTo(2L * MIB);
        assertThat(looks).isEqualTo(3000 + 5);
        assertThat(most[0]).isLessThan(before + 120);
        assertThat(descriptors()).isLessThan(before + 20);
    }

    private static long descriptors() {
        String[] open = new java.io.File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    @Test
    void losesItsWayWhenADirectoryIsMovedUnderItAndNothingElse() throws IOException {
        upper();
        Files.createDirectory(upper().resolve("d"));
        deepen(upper().resolve("d"), 200, new byte[MIB]);
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        DiskSize size = measure(MANY, () -> {
            if (++looks == 150) {
                move(directory.resolve("upper/d/d/d/d"), elsewhere.resolve("d"));
            }
        });
        assertThat(size.complete()).isFalse();
        assertThat(size.bytes()).isGreaterThanOrEqualTo(MIB);
        new TreeRemover(syscalls).remove(elsewhere);
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void takesWhatVanishesOrTurnsIntoAnotherThingForAChange() throws IOException {
        for (int i = 0; i < 20; i++) {
            Files.createDirectory(upper().resolve("d" + i));
            write(upper().resolve("f" + i), 1);
        }
        DiskSize size = measure(MANY, () -> {
            if (++looks == 3) {
                replaceAll();
            }
        });
        assertThat(size.complete()).isTrue();
    }

    private void replaceAll() {
        try {
            for (int i = 0; i < 20; i++) {
                Files.delete(upper().resolve("d" + i));
                Files.delete(upper().resolve("f" + i));
                Files.createSymbolicLink(upper().resolve("d" + i), Path.of("/"));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void endsWhenItIsInterruptedAndLeavesNothingOpen() throws IOException {
        Files.createDirectories(upper().resolve("a/b/c"));
        long before = descriptors();
        assertThatThrownBy(() -> measure(MANY, () -> {
                    if (++looks == 3) {
                        throw new InterruptedException();
                    }
                }))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(descriptors()).isLessThanOrEqualTo(before);
    }
}
