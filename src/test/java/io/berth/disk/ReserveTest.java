package io.berth.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReserveTest {

    private static final long SIZE = 3 << 20;

    @TempDir
    Path directory;

    @Test
    void isGivenBackInSlicesAndTakenAgain() throws Exception {
        Reserve reserve = Reserve.of(directory, SIZE);
        assertThat(reserve.release()).isFalse();
        assertThat(reserve.take()).isTrue();
        assertThat(reserve.take()).isFalse();
        assertThat(reserve.held()).isEqualTo(SIZE);
        int slices = 0;
        while (reserve.release()) {
            slices++;
        }
        assertThat(slices).isEqualTo(8);
        assertThat(reserve.held()).isZero();
        assertThat(reserve.take()).isTrue();
    }

    @Test
    void isASixteenthOfTheDiskAtMost() throws Exception {
        assertThat(Reserve.of(directory, Long.MAX_VALUE).size())
                .isEqualTo(java.nio.file.Files.getFileStore(directory).getTotalSpace() / 16);
    }

    @Test
    void isNothingIfNoneIsWanted() throws Exception {
        assertThat(Reserve.of(directory, 0).take()).isFalse();
    }
}
