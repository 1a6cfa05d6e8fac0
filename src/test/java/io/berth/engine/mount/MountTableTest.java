package io.berth.engine.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountTableTest {

    @TempDir
    Path directory;

    @Test
    void readsFieldsPropagationAndEscapes() throws IOException {
        MountTable table = table("""
                27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
                42 27 0:4 user:[4026532177] /run/a\\040b\\134c rw - nsfs nsfs rw
                """);

        assertThat(table.entries()).hasSize(2);
        MountEntry root = table.entries().get(0);
        assertThat(root.device()).isEqualTo("254:0");
        assertThat(root.shared()).isTrue();
        assertThat(root.type()).isEqualTo("ext4");
        assertThat(root.source()).isEqualTo("/dev/vda");
        assertThat(root.superOptions()).containsExactlyInAnyOrder("rw", "discard");
        MountEntry pin = table.entries().get(1);
        assertThat(pin.mountPoint()).isEqualTo(Path.of("/run/a b\\c"));
        assertThat(pin.root()).isEqualTo("user:[4026532177]");
        assertThat(pin.shared()).isFalse();
    }

    @Test
    void ignoresLinesThatAreCutOff() throws IOException {
        assertThat(table("27 1 254:0 / / rw,relatime - ext4\n27 1").entries()).isEmpty();
    }

    @Test
    void findsTheTopmostMountThatHoldsAPath() throws IOException {
        MountTable table = table("""
                1 0 254:0 / / rw - ext4 /dev/vda rw
                2 1 0:30 / /run rw - tmpfs lower rw
                3 2 0:31 / /run rw - tmpfs upper rw
                4 1 0:32 / /runner rw - tmpfs other rw
                """);

        assertThat(table.holding(Path.of("/run/berth")).orElseThrow().source()).isEqualTo("upper");
        assertThat(table.holding(Path.of("/running")).orElseThrow().source()).isEqualTo("/dev/vda");
    }

    @Test
    void listsMountsBeneathInTheOrderOfUnmounting() throws IOException {
        MountTable table = table("""
                1 0 254:0 / / rw - ext4 /dev/vda rw
                2 1 0:30 / /run/b rw - tmpfs t rw
                3 2 0:31 / /run/b/one rw - tmpfs t rw
                4 3 0:32 / /run/b/one/two rw - tmpfs t rw
                5 1 0:33 / /run/bc rw - tmpfs t rw
                """);

        assertThat(table.beneath(Path.of("/run/b")))
                .extracting(MountEntry::mountPoint)
                .containsExactly(Path.of("/run/b/one/two"), Path.of("/run/b/one"));
    }

    private MountTable table(String text) throws IOException {
        return MountTable.read(Files.writeString(directory.resolve("mountinfo"), text));
    }
}
