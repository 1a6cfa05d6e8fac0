package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.common.Directories;
import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerFileException;
import io.berth.engine.ContainerFileSystem;
import io.berth.engine.ContainerId;
import io.berth.engine.FileAttributes;
import io.berth.engine.FileContent;
import io.berth.engine.FilePath;
import io.berth.engine.FileTree;
import io.berth.engine.FileWrite;
import io.berth.engine.ResourceLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A container that swaps a directory for links to the host's, in every way it can, while its files are read, written, packed, unpacked
 * and deleted. Nothing of the host may be read or changed: a directory of this test's own stands for it, and a marker in it.
 */
class FileRaceIT extends HostedContainers {

    private static final String MARKER = "of the host and nobody's business";
    private static final String INSIDE = "inside";
    private static final int RACING_SECONDS = 12;

    private Path victim;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    @BeforeEach
    void makeVictim() throws IOException {
        victim = Files.createTempDirectory("berth-victim-");
        Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(victim.resolve("f"), MARKER);
        Files.setPosixFilePermissions(victim.resolve("f"), PosixFilePermissions.fromString("rw-r--r--"));
        Files.createDirectory(victim.resolve("sub"));
        Files.writeString(victim.resolve("sub/g"), MARKER);
    }

    @AfterEach
    void removeVictim() throws IOException {
        Directories.deleteRecursively(victim);
    }

    /** What a racer puts in the place of its directory; the last has it moved away, so that {@code ..} of it changes. */
    private List<String> lures() {
        return List.of(
                "ln -s " + victim,
                "ln -s ../../../../../../../.." + victim,
                "ln -s /proc/1/root" + victim,
                "ln -s /proc/self/cwd",
                "ln -s ../r0",
                "ln -s /",
                "mkdir");
    }

    private String racers() {
        StringBuilder script = new StringBuilder("mkdir -p /race /away; ");
        int number = 0;
        for (String lure : lures()) {
            String dir = "/race/r" + number;
            String place = lure.startsWith("ln") ? lure + " " + dir : lure + " " + dir;
            script.append("(mkdir -p ")
                    .append(dir)
                    .append("/sub; echo -n inside > ")
                    .append(dir)
                    .append("/f; ")
                    .append("while :; do mv ")
                    .append(dir)
                    .append(" /away/d")
                    .append(number)
                    .append("; ")
                    .append(place)
                    .append("; rm -rf ")
                    .append(dir)
                    .append("; ")
                    .append("mv /away/d")
                    .append(number)
                    .append(' ')
                    .append(dir)
                    .append("; done) 2>/dev/null & ");
            number++;
        }
        return script.append("exec sleep 1000000").toString();
    }

    @Test
    void reachesNothingOfTheHostWhateverTheContainerSwaps() throws Exception {
        ContainerConfig config =
                config(group(ResourceLimits.UNLIMITED), ResourceLimits.UNLIMITED, List.of("sh", "-c", racers()));
        run(config);
        race(config.id());
        assertThat(done.get())
                .as("what worked, beside %d refused", refused.get())
                .isGreaterThan(100);
        assertThat(refused.get()).as("refused for the container's changes").isPositive();
        assertVictimUntouched();
    }

    @Test
    void reachesNothingOfTheHostThroughWhatAStoppedContainerLeft() throws Exception {
        StringBuilder script = new StringBuilder("mkdir -p /race; cd /race; ");
        int number = 0;
        for (String lure : lures()) {
            script.append(lure).append(" /race/r").append(number++).append("; ");
        }
        ContainerConfig config = config(
                group(ResourceLimits.UNLIMITED), ResourceLimits.UNLIMITED, List.of("sh", "-c", script.toString()));
        run(config);
        awaitExit(config.id());
        ContainerFileSystem files = host.engine().files(config.id());
        for (int i = 0; i < number; i++) {
            everything(files, "/race/r" + i, i);
        }
        assertVictimUntouched();
    }

    private void race(ContainerId id) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RACING_SECONDS);
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            int offset = thread;
            all.add(threads.submit(() -> {
                for (int i = offset; System.nanoTime() < end; i++) {
                    everything(host.engine().files(id), "/race/r" + i % lures().size(), offset);
                }
                return offset;
            }));
        }
        for (Future<?> one : all) {
            one.get(RACING_SECONDS * 10L, TimeUnit.SECONDS);
        }
        threads.shutdown();
    }

    private interface Call {
        void run() throws IOException;
    }

    private void everything(ContainerFileSystem files, String dir, int who) {
        tries(() -> checkRead(files, dir + "/f"));
        tries(() -> checkRead(files, dir + "/sub/g"));
        tries(() -> checkList(files, dir));
        tries(() -> checkWalk(files, dir));
        tries(() -> files.write(path(dir + "/f"), bytes(), new FileWrite(attributes(), false, false, p -> {})));
        tries(() -> files.write(path(dir + "/n" + who), bytes(), new FileWrite(attributes(), true, false, p -> {})));
        tries(() -> files.makeDirectory(path(dir + "/sub/d" + who), attributes(), true));
        tries(() -> files.move(path(dir + "/n" + who), path(dir + "/sub/m"), true));
        tries(() -> files.unpack(path(dir), new OneFile("sub/g")));
        tries(() -> files.unpack(path("/"), new OneFile(dir.substring(1) + "/f")));
        tries(() -> files.delete(path(dir + "/sub/d" + who), true));
        tries(() -> files.delete(path(dir + "/sub"), true));
        tries(() -> files.delete(path(dir + "/f"), false));
    }

    private void tries(Call call) {
        try {
            call.run();
            done.incrementAndGet();
        } catch (ContainerFileException e) {
            refused.incrementAndGet();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FilePath path(String text) {
        return FilePath.parse(text);
    }

    private static FileAttributes attributes() {
        return new FileAttributes(0777, 1000, 1000);
    }

    private static ByteArrayInputStream bytes() {
        return new ByteArrayInputStream(INSIDE.getBytes(StandardCharsets.UTF_8));
    }

    private static void checkRead(ContainerFileSystem files, String path) {
        try (FileContent content = files.read(path(path))) {
            assertInside(content.info().size(), text(content));
        }
    }

    private static String text(FileContent content) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MARKER.length());
        int count = content.read(0, buffer);
        byte[] bytes = new byte[Math.max(0, count)];
        buffer.flip().get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void assertInside(long size, String text) {
        assertThat(text).isIn("", INSIDE);
        assertThat(size).isLessThan(MARKER.length());
    }

    private void checkList(ContainerFileSystem files, String dir) {
        assertThat(files.list(path(dir), 1000).entries())
                .allSatisfy(entry -> assertThat(entry.inode())
                        .as(entry.name())
                        .isNotEqualTo(inode("f"))
                        .isNotEqualTo(inode("sub")));
    }

    private long inode(String name) {
        try {
            return (long) Files.getAttribute(victim.resolve(name), "unix:ino");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkWalk(ContainerFileSystem files, String dir) throws IOException {
        try (FileTree walk = files.walk(path(dir))) {
            int seen = 0;
            for (FileTree.Entry entry = walk.next(); entry != null && seen++ < 200; entry = walk.next()) {
                if (entry.kind() == FileTree.Kind.FILE
                        && (entry.path().endsWith("/f") || entry.path().endsWith("/g"))) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(MARKER.length());
                    byte[] bytes = new byte[Math.max(0, walk.read(buffer))];
                    buffer.flip().get(bytes);
                    assertInside(entry.size(), new String(bytes, StandardCharsets.UTF_8));
                }
            }
        }
    }

    private void assertVictimUntouched() throws IOException {
        assertThat(victim.toFile().list()).containsExactlyInAnyOrder("f", "sub");
        assertThat(victim.resolve("sub").toFile().list()).containsExactly("g");
        assertThat(Files.readString(victim.resolve("f"))).isEqualTo(MARKER);
        assertThat(Files.readString(victim.resolve("sub/g"))).isEqualTo(MARKER);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim.resolve("f"))))
                .isEqualTo("rw-r--r--");
        assertThat((int) Files.getAttribute(victim.resolve("f"), "unix:uid")).isZero();
        assertThat((int) Files.getAttribute(victim, "unix:uid")).isZero();
    }

    /** A tree of one file. */
    private static final class OneFile implements FileTree {

        private final String path;
        private boolean given;
        private boolean read;

        OneFile(String path) {
            this.path = path;
        }

        @Override
        public @Nullable Entry next() {
            if (given) {
                return null;
            }
            given = true;
            return new Entry(path, Kind.FILE, 0777, 1000, 1000, INSIDE.length(), 1, 0, "");
        }

        @Override
        public int read(ByteBuffer buffer) {
            if (read) {
                return -1;
            }
            read = true;
            buffer.put(INSIDE.getBytes(StandardCharsets.UTF_8));
            return INSIDE.length();
        }

        @Override
        public void close() {}
    }
}
