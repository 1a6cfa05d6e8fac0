package io.berth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    Path temporary;

    @BeforeEach
    void letOthersThrough() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void makesADirectoryThatOthersMayOnlyPassThrough() throws IOException {
        Path path = temporary.resolve("a/b");
        DataDirectory.open(path).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx--x--x");
    }

    @Test
    void refusesASecondServerAndNamesTheFirst() {
        try (DataDirectory first = DataDirectory.open(temporary)) {
            assertThatThrownBy(() -> DataDirectory.open(first.path()))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining(temporary.toString());
        }
    }

    @Test
    void canBeOpenedAgainOnceClosed() {
        DataDirectory.open(temporary).close();
        DataDirectory.open(temporary).close();
    }

    @Test
    void refusesAPlaceThatOtherUsersCannotReach() throws IOException {
        Path closed = Files.createDirectory(temporary.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        assertThatThrownBy(() -> DataDirectory.open(closed.resolve("data")))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("chmod o+x " + closed);
    }

    @Test
    void keepsTheInstanceOnceMade() {
        String instance = DataDirectory.instance(temporary);
        assertThat(instance).matches("[0-9a-f]{6}");
        assertThat(DataDirectory.instance(temporary)).isEqualTo(instance);
    }

    @Test
    void refusesADamagedInstanceFile() throws IOException {
        Files.writeString(temporary.resolve("instance"), "../../etc");
        assertThatThrownBy(() -> DataDirectory.instance(temporary))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("6 hexadecimal digits");
    }
}
