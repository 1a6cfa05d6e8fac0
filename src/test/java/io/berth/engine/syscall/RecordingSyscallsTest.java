package io.berth.engine.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RecordingSyscallsTest {

    @Test
    void failsTheNthCallOnly() throws Exception {
        RecordingSyscalls recording = RecordingSyscalls.idle().fail("umount", 2, "EBUSY");
        Syscalls syscalls = recording.syscalls();

        syscalls.umount(Path.of("/a"), 0);
        assertThatThrownBy(() -> syscalls.umount(Path.of("/b"), 0)).hasMessageContaining("EBUSY");
        syscalls.umount(Path.of("/c"), 0);

        assertThat(recording.calls("umount")).hasSize(3);
    }

    @Test
    void countsDescriptorsLeftOpen() throws Exception {
        RecordingSyscalls recording = RecordingSyscalls.idle();
        Fd first = recording.syscalls().open(Path.of("/a"), 0, 0);
        recording.syscalls().pipe();

        first.close();

        assertThat(recording.openDescriptors()).isEqualTo(2);
    }
}
