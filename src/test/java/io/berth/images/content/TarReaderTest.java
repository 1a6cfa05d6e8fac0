package io.berth.images.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TarReaderTest {

    private static final int HEADER_BOUND = 1 << 16;

    @Test
    void readsEntriesInOrder() throws IOException {
        byte[] tar = new TarBuilder()
                .owner(3, 4)
                .directory("etc/", 0755)
                .file("etc/passwd", 0640, bytes("root"))
                .symlink("bin", "usr/bin")
                .build();

        List<TarEntry> entries = readAll(tar);

        assertThat(entries).extracting(TarEntry::name).containsExactly("etc/", "etc/passwd", "bin");
        assertThat(entries.get(1).mode()).isEqualTo(0640);
        assertThat(entries.get(1).uid()).isEqualTo(3);
        assertThat(entries.get(1).gid()).isEqualTo(4);
        assertThat(entries.get(1).size()).isEqualTo(4);
        assertThat(entries.get(2).linkName()).isEqualTo("usr/bin");
    }

    @Test
    void givesTheDataOfEachEntryAndNoMore() throws IOException {
        TarReader reader =
                reader(new TarBuilder().file("a", "first").file("b", "second").build());

        reader.next();
        assertThat(reader.data().readAllBytes()).isEqualTo(bytes("first"));
        reader.next();
        assertThat(reader.data().readAllBytes()).isEqualTo(bytes("second"));
        assertThat(reader.next()).isNull();
    }

    @Test
    void keepsBinaryAttributesByteForByte() throws IOException {
        byte[] capability = {1, 0, 0, 2, 0, 0x20, (byte) 0xff, (byte) 0xfe, '\n', '=', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] tar = new TarBuilder()
                .pax(Map.of("SCHILY.xattr.security.capability", capability))
                .file("ping", "x")
                .build();

        assertThat(readAll(tar).get(0).xattrs()).containsOnlyKeys("security.capability");
        assertThat(readAll(tar).get(0).xattrs().get("security.capability")).isEqualTo(capability);
    }

    @Test
    void paxOverridesTheHeader() throws IOException {
        String longName = "d/".repeat(120) + "file";
        byte[] tar = new TarBuilder()
                .pax(Map.of(
                        "path", bytes(longName), "uid", bytes("3000000"), "mtime", bytes("-1.25"), "size", bytes("5")))
                .entry('0', "short", 0644, "", 0, 0, 0)
                .data(bytes("hello"))
                .build();

        TarEntry entry = readAll(tar).get(0);

        assertThat(entry.name()).isEqualTo(longName);
        assertThat(entry.uid()).isEqualTo(3_000_000);
        assertThat(entry.size()).isEqualTo(5);
        assertThat(entry.mtimeSeconds()).isEqualTo(-2);
        assertThat(entry.mtimeNanos()).isEqualTo(750_000_000);
    }

    @Test
    void readsGnuLongNames() throws IOException {
        String longName = "n".repeat(300);
        byte[] tar = new TarBuilder()
                .extension('L', bytes(longName + "\0"))
                .extension('K', bytes("target-" + longName + "\0"))
                .symlink("cut", "cut")
                .build();

        assertThat(readAll(tar).get(0).name()).isEqualTo(longName);
        assertThat(readAll(tar).get(0).linkName()).isEqualTo("target-" + longName);
    }

    @Test
    void readsNumbersInBase256() throws IOException {
        byte[] header = new byte[512];
        TarBuilder.text(header, 0, 100, "big-ids");
        TarBuilder.octal(header, 100, 8, 0644);
        header[108] = (byte) 0x80;
        header[113] = 0x2d;
        header[115] = 7;
        header[156] = '0';

        assertThat(readAll(new TarBuilder().header(header).build()).get(0).uid())
                .isEqualTo(0x2d0007);
    }

    @Test
    void putsTheHolesOfSparseFilesBack() throws IOException {
        byte[] map = Arrays.copyOf(bytes("2\n3\n2\n8\n1\n"), 512);
        byte[] stored = new byte[515];
        System.arraycopy(map, 0, stored, 0, 512);
        System.arraycopy(bytes("abc"), 0, stored, 512, 3);
        TarReader reader = reader(new TarBuilder()
                .pax(Map.of(
                        "GNU.sparse.major", bytes("1"),
                        "GNU.sparse.minor", bytes("0"),
                        "GNU.sparse.name", bytes("holes"),
                        "GNU.sparse.realsize", bytes("10")))
                .file("GNUSparseFile.0/holes", 0644, stored)
                .file("after", "x")
                .build());

        TarEntry entry = Objects.requireNonNull(reader.next());
        assertThat(entry.name()).isEqualTo("holes");
        assertThat(entry.size()).isEqualTo(10);
        assertThat(reader.data().readAllBytes()).isEqualTo(bytes("\0\0\0ab\0\0\0c\0"));
        TarEntry after = Objects.requireNonNull(reader.next());
        assertThat(after.name()).isEqualTo("after");
    }

    @Test
    void refusesSegmentsThatDoNotFitASparseFile() {
        byte[] stored = Arrays.copyOf(bytes("1\n9223372036854775807\n3\n"), 515);
        byte[] tar = new TarBuilder()
                .pax(Map.of("GNU.sparse.major", bytes("1"), "GNU.sparse.realsize", bytes("10")))
                .file("holes", 0644, stored)
                .build();

        assertThatThrownBy(() -> readAll(tar))
                .isInstanceOf(TarFormatException.class)
                .hasMessageContaining("sparse");
    }

    @Test
    void refusesAHugeExtensionHeaderBeforeReadingIt() {
        byte[] tar =
                new TarBuilder().entry('x', "header", 0644, "", 6L << 30, 0, 0).buildUnfinished();

        assertThatThrownBy(() -> readAll(tar))
                .isInstanceOf(TarFormatException.class)
                .hasMessageContaining("extension header of 6442450944 bytes");
    }

    @Test
    void refusesEndlessExtensionHeaders() {
        TarBuilder tar = new TarBuilder();
        for (int i = 0; i < 100; i++) {
            tar.extension('L', bytes("name"));
        }

        assertThatThrownBy(() -> readAll(tar.build())).hasMessageContaining("extension headers before one entry");
    }

    @Test
    void refusesWhatIsNoTar() {
        assertThatThrownBy(() -> readAll(bytes("<!doctype html>".repeat(100))))
                .isInstanceOf(TarFormatException.class)
                .hasMessageContaining("not a tar header");
    }

    @Test
    void saysWhereItIsCutOff() {
        byte[] whole = new TarBuilder().file("a", 0644, new byte[4096]).build();

        for (int length : new int[] {0, 100, 512, 600, 4608}) {
            assertThatThrownBy(() -> readAll(Arrays.copyOf(whole, length)))
                    .isInstanceOf(TarFormatException.class)
                    .hasMessageContaining("cut off");
        }
    }

    @Test
    void doesWithoutTheEndMarkerWhenToldSo() throws IOException {
        byte[] tar = new TarBuilder().file("a", "x").buildUnfinished();
        TarReader reader = new TarReader(new ByteArrayInputStream(tar), HEADER_BOUND, false);

        assertThat(reader.next()).isNotNull();
        assertThat(reader.next()).isNull();
    }

    @Test
    void refusesNamesWithNulOrBrokenUtf8() {
        byte[] withNul = new TarBuilder()
                .pax(Map.of("path", bytes("a\0b")))
                .file("a", "")
                .build();
        byte[] latin1 = new TarBuilder()
                .pax(Map.of("path", "na\u00efve".getBytes(StandardCharsets.ISO_8859_1)))
                .file("a", "")
                .build();

        assertThatThrownBy(() -> readAll(withNul)).hasMessageContaining("NUL");
        assertThatThrownBy(() -> readAll(latin1)).hasMessageContaining("not UTF-8");
    }

    @Test
    void refusesMalformedPaxRecords() {
        for (String body : List.of("0 a=b\n", "99 a=b\n", "x a=b\n", "6 a=b", "6 aXb\n", "-6 a=b\n")) {
            byte[] tar =
                    new TarBuilder().extension('x', bytes(body)).file("a", "").build();
            assertThatThrownBy(() -> readAll(tar)).as(body).hasMessageContaining("malformed PAX header");
        }
    }

    private static TarReader reader(byte[] tar) {
        return new TarReader(new ByteArrayInputStream(tar), HEADER_BOUND, true);
    }

    private static List<TarEntry> readAll(byte[] tar) throws IOException {
        TarReader reader = reader(tar);
        List<TarEntry> entries = new ArrayList<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(entry);
        }
        return entries;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
