package io.berth.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.common.ElfFile;
import io.berth.images.content.TarEntry;
import io.berth.images.content.TarReader;
import io.berth.testing.RequiresProgram;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

@RequiresProgram("busybox")
class BusyboxRootfsIT {

    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @Test
    void holdsBusyboxAndALinkForEachApplet() throws IOException {
        Map<String, TarEntry> entries = entries(new BusyboxRootfs(BUSYBOX).toTar());

        assertThat(entries)
                .containsKeys("./", "bin/busybox", "bin/sh", "bin/ls", "etc/passwd", "etc/group", "usr/bin/id");
        assertThat(entry(entries, "bin/sh").type()).isEqualTo(TarEntry.Type.SYMLINK);
        assertThat(entry(entries, "bin/sh").linkName()).isEqualTo("/bin/busybox");
        assertThat(entry(entries, "bin/busybox").mode()).isEqualTo(0755);
        assertThat(entry(entries, "tmp/").mode()).isEqualTo(01777);
        assertThat(entries.values()).allSatisfy(e -> {
            assertThat(e.uid()).isZero();
            assertThat(e.mtimeSeconds()).isZero();
        });
    }

    @Test
    void isAlwaysTheSame() throws IOException {
        assertThat(Digest.of(new BusyboxRootfs(BUSYBOX).toTar()))
                .isEqualTo(Digest.of(new BusyboxRootfs(BUSYBOX).toTar()));
    }

    @Test
    void knowsStaticProgramsFromOthers() throws IOException {
        assertThat(ElfFile.isStatic(BUSYBOX)).isTrue();
        assertThat(ElfFile.isStatic(Path.of("/bin/sh"))).isFalse();
        assertThat(ElfFile.isStatic(Path.of("/etc/passwd"))).isFalse();
    }

    private static TarEntry entry(Map<String, TarEntry> entries, String name) {
        return Objects.requireNonNull(entries.get(name), name);
    }

    private static Map<String, TarEntry> entries(byte[] tar) throws IOException {
        TarReader reader = new TarReader(new ByteArrayInputStream(tar), 1 << 16, true);
        Map<String, TarEntry> entries = new LinkedHashMap<>();
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.put(entry.name(), entry);
        }
        return entries;
    }
}
