package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.GroupId;
import io.berth.engine.netns.OwnerFiles.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnerFilesTest {

    @TempDir
    Path directory;

    private final Lease lease =
            new Lease(new GroupId("red"), Ipv4Subnet.parse("10.64.0.9").base());

    @Test
    void tellsAfterARestartWhoHasWhat() throws IOException {
        OwnerFiles files = new OwnerFiles(directory.resolve("net"));
        assertThat(files.load()).isEmpty();
        files.write("ctr_1", lease);
        files.write("ctr_2", lease);
        files.delete("ctr_2");

        assertThat(new OwnerFiles(directory.resolve("net")).load()).isEqualTo(Map.of("ctr_1", lease));
        assertThat(directory.resolve("net/ctr_1")).hasContent("red 10.64.0.9");
    }

    @Test
    void dropsWhatACrashLeftUnfinished() throws IOException {
        Files.writeString(directory.resolve(".new-ctr_1"), "red 10.64.0.9\n");
        Files.writeString(directory.resolve("ctr_2"), "red");
        Files.writeString(directory.resolve("ctr_3"), "RED 10.64.0.9");

        assertThat(new OwnerFiles(directory).load()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }
}
