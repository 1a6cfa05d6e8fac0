package io.berth.images.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import io.berth.engine.syscall.TreeRemover;
import io.berth.testing.RequiresRoot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
@NullUnmarked
class LayerUnpackIT {

    private final Syscalls syscalls = new JnrSyscalls();

    @TempDir
    Path temporary;

    private Path layer;
    private Path outside;

    @BeforeEach
    void makeDirectories() throws IOException {
        layer = Files.createDirectory(temporary.resolve("layer"));
        outside = Files.createDirectory(temporary.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "untouched");
    }

    @AfterEach
    void nothingOutsideWasTouched() throws IOException {
        assertThat(outside).isDirectoryContaining(p -> p.endsWith("secret"));
        assertThat(outside.resolve("secret")).hasContent("untouched");
        try (var names = Files.list(outside)) {
            assertThat(names).hasSize(1);
        }
        new TreeRemover(syscalls).remove(layer);
        assertThat(layer).doesNotExist();
    }

    @Test
    void keepsOwnersModesAndTimes() throws IOException {
        unpack(new TarBuilder()
                .owner(100, 65535)
                .directory("d", 02755)
                .file("d/suid", 04755, new byte[] {1})
                .owner(70000, 200000)
                .file("d/high", "x")
                .symlink("d/link", "/nowhere"));

        assertThat(stat("d/suid").uid()).isEqualTo(100);
        assertThat(stat("d/suid").gid()).isEqualTo(65535);
        assertThat(stat("d/suid").permissions()).isEqualTo(04755);
        assertThat(stat("d/suid").mtimeSeconds()).isEqualTo(1_000_000_000);
        assertThat(stat("d").permissions()).isEqualTo(02755);
        assertThat(stat("d").mtimeSeconds()).as("set after its entries").isEqualTo(1_000_000_000);
        assertThat(stat("d/high").uid()).as("beyond the container's ids").isEqualTo(65534);
        assertThat(stat("d/link").uid()).isEqualTo(65534);
        assertThat(stat("").permissions()).isEqualTo(0755);
    }

    @Test
    void keepsCapabilitiesAndUserAttributesOnly() throws IOException {
        byte[] capability = {1, 0, 0, 2, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] binary = {(byte) 0xff, 0, (byte) 0xfe};
        unpack(new TarBuilder()
                .pax(Map.of(
                        "SCHILY.xattr.security.capability",
                        capability,
                        "SCHILY.xattr.user.note",
                        binary,
                        "SCHILY.xattr.trusted.overlay.opaque",
                        bytes("y"),
                        "SCHILY.xattr.user.overlay.opaque",
                        bytes("y")))
                .file("ping", "x"));

        assertThat(xattr("ping", "security.capability")).isEqualTo(capability);
        assertThat(xattr("ping", "user.note")).isEqualTo(binary);
        assertThat(xattr("ping", "trusted.overlay.opaque")).isNull();
        assertThat(xattr("ping", "user.overlay.opaque")).isNull();
    }

    @Test
    void refusesClimbingNames() {
        refuses(new TarBuilder().file("../outside/evil", "x"), "climbs");
        refuses(new TarBuilder().file("a/../../outside/evil", "x"), "climbs");
        refuses(new TarBuilder().file("a", "x").hardLink("b", "../outside/secret"), "climbs");
        refuses(new TarBuilder().file("..", "x"), "climbs");
    }

    @Test
    void takesAbsoluteNamesAsInsideTheRoot() throws IOException {
        unpack(new TarBuilder().file(outside + "/secret", "inside"));

        assertThat(layer.resolve(outside.toString().substring(1)).resolve("secret"))
                .hasContent("inside");
    }

    @Test
    void resolvesParentLinksInsideTheRoot() throws IOException {
        refuses(new TarBuilder().symlink("escape", outside.toString()).file("escape/evil", "x"), "cannot be made");
        unpack(new TarBuilder()
                .directory("real", 0755)
                .symlink("up", "../../../../real")
                .symlink("absolute", "/real")
                .file("up/one", "1")
                .file("absolute/two", "2"));

        assertThat(layer.resolve("real/one")).hasContent("1");
        assertThat(layer.resolve("real/two")).hasContent("2");
    }

    @Test
    void neverWritesThroughALink() throws IOException {
        unpack(new TarBuilder()
                .symlink("secret", outside.resolve("secret").toString())
                .file("secret", "mine")
                .symlink("d", outside.toString())
                .directory("d", 0700));

        assertThat(layer.resolve("secret")).isRegularFile().hasContent("mine");
        assertThat(Files.isDirectory(layer.resolve("d"), LinkOption.NOFOLLOW_LINKS))
                .isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(outside)))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void hardLinksToWhatIsInsideOnly() throws IOException {
        refuses(new TarBuilder().hardLink("b", outside + "/secret"), "not in this layer");
        refuses(new TarBuilder().symlink("x", outside.toString()).hardLink("b", "x/secret"), "not in this layer");
        refuses(new TarBuilder().directory("d", 0755).hardLink("b", "d"), "not in this layer");
        unpack(new TarBuilder()
                .file("d/a", "same")
                .hardLink("b", "./d/a")
                .hardLink("d/a", "/d/a")
                .symlink("link", outside + "/secret")
                .hardLink("other", "link"));

        assertThat(stat("b").inode()).isEqualTo(stat("d/a").inode());
        assertThat(layer.resolve("d/a")).hasContent("same");
        assertThat(stat("other").isSymbolicLink()).isTrue();
    }

    @Test
    void skipsHarmlessDevicesAndRefusesOthers() throws IOException {
        unpack(new TarBuilder()
                .device('3', "dev/null", 1, 3)
                .device('3', "dev/console", 5, 1)
                .device('6', "run/fifo", 0, 0));

        assertThat(layer.resolve("dev")).doesNotExist();
        assertThat(Files.exists(layer.resolve("run/fifo"))).isTrue();
        refuses(new TarBuilder().device('3', "dev/mem", 1, 1), "dev/mem is a character device (1:1)");
        refuses(new TarBuilder().device('4', "dev/sda", 8, 0), "dev/sda is a block device (8:0)");
        refuses(new TarBuilder().device('3', "white", 0, 0), "character device (0:0)");
    }

    @Test
    void turnsWhiteoutsIntoOverlayfss() throws IOException {
        unpack(new TarBuilder()
                .file("etc/.wh.gone", "")
                .file("opaque/early", "1")
                .file("opaque/.wh..wh..opq", "")
                .file("opaque/late", "2")
                .file(".wh..wh.plnk", "")
                .file(".wh.both", "")
                .file("both", "stays")
                .file("late", "stays")
                .file(".wh.late", "")
                .file(".wh.dir", "")
                .directory("dir", 0755)
                .directory("dir2", 0755)
                .file(".wh.dir2", ""));

        assertThat(stat("etc/gone").isCharacterDevice()).isTrue();
        assertThat(stat("etc/gone").deviceMajor() + stat("etc/gone").deviceMinor())
                .isZero();
        assertThat(xattr("opaque", "trusted.overlay.opaque")).isEqualTo(bytes("y"));
        assertThat(layer.resolve("opaque/early")).hasContent("1");
        assertThat(layer.resolve("opaque/late")).hasContent("2");
        assertThat(layer.resolve("both")).hasContent("stays");
        assertThat(layer.resolve("late")).hasContent("stays");
        assertThat(xattr("dir", "trusted.overlay.opaque")).isEqualTo(bytes("y"));
        assertThat(xattr("dir2", "trusted.overlay.opaque")).isEqualTo(bytes("y"));
        assertThat(Files.exists(layer.resolve(".wh..wh.plnk"))).isFalse();
        refuses(new TarBuilder().file("a/.wh...", ""), "whiteout of nothing");
        refuses(new TarBuilder().file("a/.wh.", ""), "whiteout of nothing");
    }

    @Test
    void theLastOfSeveralEntriesWins() throws IOException {
        unpack(new TarBuilder()
                .file("a", "old and longer")
                .file("a", "new")
                .file("tree/deep/file", "x")
                .file("tree", "now a file")
                .file("f", "x")
                .directory("f", 0700)
                .file("f/below", "y")
                .directory("kept", 0700)
                .file("kept/file", "z")
                .directory("kept", 0711));

        assertThat(layer.resolve("a")).hasContent("new");
        assertThat(layer.resolve("tree")).hasContent("now a file");
        assertThat(layer.resolve("f/below")).hasContent("y");
        assertThat(layer.resolve("kept/file")).hasContent("z");
        assertThat(stat("kept").permissions()).isEqualTo(0711);
    }

    @Test
    void boundsNamesDepthAndEntries() {
        String deep = "d/".repeat(300) + "f";
        String longPart = "n".repeat(256);
        String longPath = "p/".repeat(2100);
        refuses(pathEntry(deep), "deeper than");
        refuses(pathEntry(longPart), "longer than 255");
        refuses(pathEntry(longPath), "longer than 4095");
        refuses(new TarBuilder().file("", "x"), "no name");
        refuses(new TarBuilder().symlink("x", ""), "empty or too long");

        TarBuilder many = new TarBuilder();
        for (int i = 0; i < 30; i++) {
            many.file("f" + i, "");
        }
        refuses(many, "more than 20 entries");
        // directories that no entry names count as well
        refuses(new TarBuilder().file("d/".repeat(30) + "f", ""), "more than 20 entries");
    }

    @Test
    void boundsWhatSparseFilesUnpackTo() {
        refuses(
                new TarBuilder()
                        .pax(Map.of("GNU.sparse.map", bytes("0,1"), "GNU.sparse.size", bytes("1099511627776")))
                        .file("holes", "x"),
                "more than");
    }

    @Test
    void removesTreesOfAnyDepth() throws IOException {
        try (Fd root = syscalls.open(layer, Flags.O_RDONLY | Flags.O_DIRECTORY, 0)) {
            Fd at = root;
            for (int i = 0; i < 3000; i++) {
                syscalls.mkdirat(at, "0123456789", 0700);
                Fd next = syscalls.openat2(at, "0123456789", Flags.O_RDONLY | Flags.O_DIRECTORY, 0, 0);
                if (at != root) {
                    at.close();
                }
                at = next;
            }
            at.close();
        }
        assertThat(layer).exists(); // removed after each test, far beyond PATH_MAX
    }

    private TarBuilder pathEntry(String path) {
        return new TarBuilder().pax(Map.of("path", bytes(path))).file("short", "x");
    }

    private void unpack(TarBuilder tar) throws IOException {
        new LayerUnpacker(syscalls, limits(1000)).unpack(new ByteArrayInputStream(tar.build()), layer);
    }

    private void refuses(TarBuilder tar, String message) {
        assertThatThrownBy(() -> {
                    Path other = Files.createTempDirectory(temporary, "refused");
                    new LayerUnpacker(syscalls, limits(20)).unpack(new ByteArrayInputStream(tar.build()), other);
                })
                .isInstanceOf(TarFormatException.class)
                .hasMessageContaining(message);
    }

    private static ContentLimits limits(int entries) {
        return new ContentLimits(1 << 20, 1 << 20, 1 << 20, entries, 200, 1 << 16, 256);
    }

    private FileStat stat(String name) throws IOException {
        Path path = layer.resolve(name);
        try (Fd parent = syscalls.open(path.getParent(), Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            return syscalls.fstatat(parent, path.getFileName().toString());
        }
    }

    private byte[] xattr(String name, String attribute) throws IOException {
        Path path = layer.resolve(name);
        try (Fd parent = syscalls.open(path.getParent(), Flags.O_PATH | Flags.O_DIRECTORY, 0)) {
            return syscalls.getxattrat(parent, path.getFileName().toString(), attribute);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
