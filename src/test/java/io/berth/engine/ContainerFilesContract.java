package io.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.ContainerFileSystem.Written;
import io.berth.engine.FileTree.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ContainerFileSystem} does, of running and of stopped containers. The image has {@code /etc/passwd} and {@code /tmp}. */
public abstract class ContainerFilesContract {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    protected final GroupId group = new GroupId("files-" + NUMBER.incrementAndGet());
    private final List<ContainerId> made = new ArrayList<>();

    protected abstract ContainerEngine engine();

    protected abstract List<Path> layers();

    protected abstract List<String> sleepForever();

    @BeforeEach
    void makeGroup() {
        engine().ensureGroup(new GroupSpec(group, ResourceLimits.UNLIMITED));
    }

    @AfterEach
    void removeAll() {
        made.forEach(engine()::delete);
        engine().removeGroup(group);
    }

    protected final ContainerId container(boolean running, boolean readOnly) {
        ContainerId id = create(readOnly);
        engine().start(id);
        if (!running) {
            stop(id);
        }
        return id;
    }

    private ContainerId create(boolean readOnly) {
        ContainerId id = new ContainerId("f" + NUMBER.incrementAndGet());
        ContainerConfig config = ContainerConfigBuilder.of(id, group, sleepForever())
                .layers(layers())
                .readOnlyRootfs(readOnly)
                .build();
        made.add(config.id());
        engine().create(config);
        return config.id();
    }

    protected final void stop(ContainerId id) {
        engine().kill(id);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> engine().status(id).orElseThrow() instanceof ContainerStatus.Stopped);
    }

    private ContainerFileSystem files(boolean running) {
        return engine().files(container(running, false));
    }

    protected static FilePath path(String text) {
        return FilePath.parse(text);
    }

    protected static Written write(ContainerFileSystem files, String path, String text) {
        return files.write(path(path), bytes(text), FileWrite.PLAIN);
    }

    protected static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    protected static String read(ContainerFileSystem files, String path) {
        try (FileContent content = files.read(path(path))) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocateDirect(1000);
            while (content.read(all.size(), buffer.clear()) >= 0) {
                byte[] part = new byte[buffer.flip().remaining()];
                buffer.get(part);
                all.writeBytes(part);
            }
            return all.toString(StandardCharsets.UTF_8);
        }
    }

    protected static void assertProblem(Problem problem, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContainerFileException.class,
                        e -> assertThat(e.problem()).isEqualTo(problem));
    }

    // --- looking

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsWhatIsThere(boolean running) throws IOException {
        ContainerFileSystem files = files(running);
        assertThat(files.stat(FilePath.ROOT)).extracting(FileInfo::type).isEqualTo(FileType.DIRECTORY);
        write(files, "/tmp/b", "12345");
        files.makeDirectory(path("/tmp/a"), new FileAttributes(0750, 3, 4), false);
        files.unpack(path("/tmp"), tree(link("c", "/etc/passwd")));
        FileListing listing = files.list(path("/tmp"), 100);
        assertThat(listing.truncated()).isFalse();
        assertThat(listing.directory().name()).isEqualTo("tmp");
        assertThat(listing.entries()).extracting(FileInfo::name).containsExactly("a", "b", "c");
        assertThat(listing.entries())
                .extracting(FileInfo::type)
                .containsExactly(FileType.DIRECTORY, FileType.FILE, FileType.SYMLINK);
        FileInfo directory = listing.entries().get(0);
        assertThat(List.of(directory.mode(), directory.uid(), directory.gid())).containsExactly(0750, 3, 4);
        FileInfo file = listing.entries().get(1);
        assertThat(List.of(file.mode(), file.uid(), file.gid())).containsExactly(0644, 0, 0);
        assertThat(file.size()).isEqualTo(5);
        assertThat(listing.entries().get(2).linkTarget()).isEqualTo("/etc/passwd");
        assertThat(files.stat(path("/tmp/c")).type()).isEqualTo(FileType.SYMLINK);
        assertThat(files.list(path("/tmp"), 2))
                .satisfies(some -> assertThat(some.truncated()).isTrue())
                .satisfies(some -> assertThat(some.entries()).hasSize(2));
        assertThat(read(files, "/tmp/c")).startsWith("root:x:0:0");
        assertThat(files.stat(path("/etc/passwd")).uid()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void saysWhatIsWrongWithAPath(boolean running) {
        ContainerFileSystem files = files(running);
        assertProblem(Problem.NOT_FOUND, () -> files.stat(path("/no")));
        assertProblem(Problem.NOT_FOUND, () -> files.list(path("/no"), 1));
        assertProblem(Problem.NOT_FOUND, () -> files.read(path("/no")));
        assertProblem(Problem.NOT_FOUND, () -> write(files, "/no/file", ""));
        assertProblem(Problem.NOT_FOUND, () -> files.walk(path("/no")));
        assertProblem(Problem.NOT_FOUND, () -> files.delete(path("/no"), true));
        assertProblem(Problem.NOT_FOUND, () -> files.move(path("/no"), path("/tmp/no"), true));
        assertProblem(Problem.NOT_A_DIRECTORY, () -> files.list(path("/etc/passwd"), 1));
        assertProblem(Problem.NOT_A_DIRECTORY, () -> files.stat(path("/etc/passwd/x")));
        assertProblem(Problem.NOT_A_DIRECTORY, () -> write(files, "/etc/passwd/x", ""));
        assertProblem(Problem.IS_A_DIRECTORY, () -> files.read(path("/etc")));
        assertProblem(Problem.IS_A_DIRECTORY, () -> write(files, "/etc", ""));
        assertProblem(Problem.IS_A_DIRECTORY, () -> write(files, "/", ""));
        assertProblem(Problem.INVALID, () -> files.delete(FilePath.ROOT, true));
        assertProblem(Problem.INVALID, () -> files.move(path("/etc"), path("/etc/etc"), true));
    }

    // --- writing

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writesWholeFilesAndKeepsWhatTheyHad(boolean running) {
        ContainerFileSystem files = files(running);
        Written first = files.write(
                path("/tmp/f"), bytes("one"), new FileWrite(new FileAttributes(0600, 7, 8), false, false, p -> {}));
        assertThat(first.created()).isTrue();
        Written second = write(files, "/tmp/f", "second");
        assertThat(second.created()).isFalse();
        assertThat(read(files, "/tmp/f")).isEqualTo("second");
        FileInfo info = files.stat(path("/tmp/f"));
        assertThat(List.of(info.mode(), info.uid(), info.gid())).containsExactly(0600, 7, 8);
        assertThat(info).isEqualTo(second.info()).isNotEqualTo(first.info());
        assertThat(files.list(path("/tmp"), 10).entries()).hasSize(1);
        write(files, "/etc/passwd", "");
        assertThat(read(files, "/etc/passwd")).isEmpty();
        Written deep = files.write(
                path("/tmp/x/y/z"), bytes("deep"), new FileWrite(FileAttributes.NONE, true, false, p -> {}));
        assertThat(deep.created()).isTrue();
        assertThat(files.stat(path("/tmp/x/y")).mode()).isEqualTo(0755);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void writesOnlyIfTheConditionHolds(boolean running) {
        ContainerFileSystem files = files(running);
        FileWrite fresh = new FileWrite(FileAttributes.NONE, false, true, p -> {});
        assertThat(files.write(path("/tmp/f"), bytes("a"), fresh).created()).isTrue();
        assertProblem(Problem.EXISTS, () -> files.write(path("/tmp/f"), bytes("b"), fresh));
        List<@Nullable FileInfo> asked = new ArrayList<>();
        FileWrite refused = new FileWrite(FileAttributes.NONE, false, false, present -> {
            asked.add(present);
            throw new IllegalStateException("refused");
        });
        assertThatThrownBy(() -> files.write(path("/tmp/f"), bytes("c"), refused))
                .hasMessage("refused");
        assertThat(asked).containsExactly(files.stat(path("/tmp/f")));
        assertThat(read(files, "/tmp/f")).isEqualTo("a");
        assertThat(files.list(path("/tmp"), 10).entries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void followsLinksInsideTheContainerOnly(boolean running) throws IOException {
        ContainerFileSystem files = files(running);
        files.unpack(
                path("/tmp"),
                tree(
                        link("up", "../../../../../../../etc"),
                        link("absolute", "/etc"),
                        link("file", "absolute/made"),
                        link("loop", "loop"),
                        link("away", "/nowhere/at/all")));
        assertThat(read(files, "/tmp/up/passwd")).isEqualTo(read(files, "/etc/passwd"));
        assertThat(files.list(path("/tmp/absolute"), 1000).entries())
                .extracting(FileInfo::name)
                .contains("passwd");
        assertThat(write(files, "/tmp/file", "through").created()).isTrue();
        assertThat(read(files, "/etc/made")).isEqualTo("through");
        assertThat(files.stat(path("/tmp/file")).type()).isEqualTo(FileType.SYMLINK);
        assertProblem(Problem.TOO_DEEP, () -> write(files, "/tmp/loop", "x"));
        assertProblem(Problem.TOO_DEEP, () -> files.read(path("/tmp/loop")));
        assertProblem(Problem.NOT_FOUND, () -> write(files, "/tmp/away", "x"));
        files.delete(path("/tmp/absolute"), true);
        assertThat(read(files, "/etc/made")).isEqualTo("through");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void makesMovesAndDeletes(boolean running) {
        ContainerFileSystem files = files(running);
        assertProblem(Problem.NOT_FOUND, () -> files.makeDirectory(path("/tmp/a/b"), FileAttributes.NONE, false));
        assertThat(files.makeDirectory(path("/tmp/a/b"), new FileAttributes(0700, 1, 2), true))
                .satisfies(info ->
                        assertThat(List.of(info.mode(), info.uid(), info.gid())).containsExactly(0700, 1, 2));
        files.makeDirectory(path("/tmp/a/b"), FileAttributes.NONE, true);
        assertProblem(Problem.EXISTS, () -> files.makeDirectory(path("/tmp/a"), FileAttributes.NONE, false));
        assertProblem(Problem.EXISTS, () -> files.makeDirectory(path("/etc/passwd"), FileAttributes.NONE, true));
        write(files, "/tmp/a/b/f", "x");
        write(files, "/tmp/g", "y");
        assertProblem(Problem.EXISTS, () -> files.move(path("/tmp/a/b/f"), path("/tmp/g"), false));
        files.move(path("/tmp/a/b/f"), path("/tmp/g"), true);
        assertThat(read(files, "/tmp/g")).isEqualTo("x");
        files.move(path("/tmp/a"), path("/tmp/moved"), false);
        write(files, "/tmp/moved/b/f", "z");
        assertProblem(Problem.NOT_EMPTY, () -> files.delete(path("/tmp/moved"), false));
        files.makeDirectory(path("/tmp/empty"), FileAttributes.NONE, false);
        assertProblem(Problem.NOT_EMPTY, () -> files.move(path("/tmp/empty"), path("/tmp/moved"), true));
        files.delete(path("/tmp/empty"), false);
        files.delete(path("/tmp/moved"), true);
        files.delete(path("/tmp/g"), false);
        assertThat(files.list(path("/tmp"), 10).entries()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void refusesToWriteOnAReadOnlyRoot(boolean running) {
        ContainerFileSystem files = engine().files(container(running, true));
        assertThat(read(files, "/etc/passwd")).isNotEmpty();
        assertProblem(Problem.READ_ONLY, () -> write(files, "/tmp/f", ""));
        assertProblem(Problem.READ_ONLY, () -> files.delete(path("/etc/passwd"), false));
        assertProblem(Problem.READ_ONLY, () -> files.move(path("/etc/passwd"), path("/etc/p"), false));
        assertProblem(Problem.READ_ONLY, () -> files.makeDirectory(path("/d"), FileAttributes.NONE, false));
        assertProblem(Problem.READ_ONLY, () -> files.unpack(path("/tmp"), tree(file("f", "x"))));
    }

    @Test
    void worksBeforeTheStartAndWhilePaused() {
        ContainerId id = create(false);
        ContainerFileSystem files = engine().files(id);
        write(files, "/tmp/f", "before");
        engine().start(id);
        engine().pause(id);
        assertThat(read(files, "/tmp/f")).isEqualTo("before");
        write(files, "/tmp/f", "while");
        engine().resume(id);
        assertThat(read(files, "/tmp/f")).isEqualTo("while");
    }

    @Test
    void keepsWhatWasWrittenFromOneStateToTheNext() {
        ContainerId id = container(true, false);
        ContainerFileSystem files = engine().files(id);
        FileInfo written = write(files, "/tmp/f", "kept").info();
        try (FileContent open = files.read(path("/tmp/f"))) {
            stop(id);
            assertThat(open.read(0, ByteBuffer.allocateDirect(9))).isEqualTo(4);
        }
        assertThat(files.stat(path("/tmp/f"))).isEqualTo(written);
        engine().delete(id);
        assertThatThrownBy(() -> files.stat(path("/tmp/f")))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.NOT_FOUND));
    }

    // --- trees

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void walksWhatItUnpacked(boolean running) throws IOException {
        ContainerFileSystem files = files(running);
        int made = files.unpack(
                path("/tmp"),
                tree(
                        new ListedTree.Item(new FileTree.Entry("d", Kind.DIRECTORY, 0711, 5, 6, 0, 0, 0, ""), ""),
                        file("d/f", "content"),
                        file("d/f", "newer"),
                        new ListedTree.Item(new FileTree.Entry("d/h", Kind.HARD_LINK, 0, 0, 0, 0, 0, 0, "d/f"), ""),
                        link("d/l", "f"),
                        file("made/on/the/way", ""),
                        new ListedTree.Item(new FileTree.Entry("s", Kind.FILE, 04755, 70_000, -1, 0, 9, 5, ""), "")));
        assertThat(made).isEqualTo(7);
        assertThat(files.stat(path("/tmp/d/h")).inode())
                .isEqualTo(files.stat(path("/tmp/d/f")).inode());
        FileInfo odd = files.stat(path("/tmp/s"));
        assertThat(List.of(odd.mode(), odd.uid(), odd.gid())).containsExactly(04755, 65_534, 65_534);
        assertThat(odd.modifiedAt()).isEqualTo(java.time.Instant.ofEpochSecond(9, 5));
        List<String> seen = new ArrayList<>();
        try (FileTree walk = files.walk(path("/tmp/d"))) {
            for (FileTree.Entry entry = walk.next(); entry != null; entry = walk.next()) {
                seen.add(entry.path() + " " + entry.kind() + " " + entry.target());
                if (entry.kind() == Kind.FILE) {
                    ByteBuffer data = ByteBuffer.allocateDirect(100);
                    assertThat(walk.read(data)).isEqualTo(5);
                    assertThat(walk.read(data)).isEqualTo(-1);
                }
            }
        }
        assertThat(seen).containsExactly("d DIRECTORY ", "d/f FILE ", "d/h FILE ", "d/l SYMLINK f");
        try (FileTree walk = files.walk(path("/tmp/d/l"))) {
            assertThat(walk.next()).extracting(FileTree.Entry::path).isEqualTo("l");
            assertThat(walk.next()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unpacksNothingOutsideOfTheDirectory(boolean running) throws IOException {
        ContainerFileSystem files = files(running);
        files.makeDirectory(path("/tmp/in"), FileAttributes.NONE, false);
        String passwd = read(files, "/etc/passwd");
        assertProblem(Problem.INVALID, () -> files.unpack(path("/tmp/in"), tree(file("../out", "x"))));
        // a link that climbs or is absolute leads below the directory itself
        files.unpack(path("/tmp/in"), tree(link("l", "/etc"), file("etc/there", ""), file("l/passwd", "evil")));
        files.unpack(path("/tmp/in"), tree(link("m", "../../etc"), file("m/passwd", "evil")));
        assertThat(read(files, "/tmp/in/etc/passwd")).isEqualTo("evil");
        assertThat(read(files, "/etc/passwd")).isEqualTo(passwd);
        assertProblem(
                Problem.NOT_FOUND,
                () -> files.unpack(
                        path("/tmp/in"),
                        tree(new ListedTree.Item(
                                new FileTree.Entry("h", Kind.HARD_LINK, 0, 0, 0, 0, 0, 0, "tmp"), ""))));
        assertProblem(Problem.IS_A_DIRECTORY, () -> files.unpack(path("/tmp/in"), tree(file("etc", "x"))));
        assertProblem(
                Problem.NOT_A_DIRECTORY,
                () -> files.unpack(
                        path("/tmp/in"),
                        tree(new ListedTree.Item(
                                new FileTree.Entry("etc/passwd", Kind.DIRECTORY, 0755, 0, 0, 0, 0, 0, ""), ""))));
        assertProblem(Problem.NOT_A_DIRECTORY, () -> files.unpack(path("/etc/passwd"), tree(file("x", "x"))));
    }

    protected static ListedTree.Item file(String path, String data) {
        return new ListedTree.Item(new FileTree.Entry(path, Kind.FILE, 0644, 0, 0, data.length(), 1, 0, ""), data);
    }

    protected static ListedTree.Item link(String path, String target) {
        return new ListedTree.Item(new FileTree.Entry(path, Kind.SYMLINK, 0777, 0, 0, 0, 1, 0, target), "");
    }

    protected static ListedTree tree(ListedTree.Item... items) {
        return new ListedTree(Arrays.asList(items));
    }
}
