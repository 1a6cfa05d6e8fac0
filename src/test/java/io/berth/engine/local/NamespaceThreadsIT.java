package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.Subprocess;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In front of a namespace that has a file system more than the host's. */
class NamespaceThreadsIT {

    private static final JnrSyscalls SYSCALLS = new JnrSyscalls();

    @TempDir
    Path directory;

    private Path mounted;
    private Path pin;
    private NamespaceThreads threads;

    @BeforeEach
    void makeNamespace() throws IOException {
        SYSCALLS.mount("test", directory, "tmpfs", 0, "size=1m");
        SYSCALLS.mount("none", directory, "", Flags.MS_PRIVATE, null);
        mounted = Files.createDirectory(directory.resolve("mounted"));
        pin = Files.createFile(directory.resolve("pin"));
        threads = new NamespaceThreads(SYSCALLS, pin);
    }

    private void pinNamespace() throws IOException {
        Subprocess.run(
                        Duration.ofSeconds(10),
                        List.of("unshare", "--mount=" + pin, "mount", "-t", "tmpfs", "inner", mounted.toString()))
                .orThrow();
    }

    @AfterEach
    void unmount() throws IOException {
        threads.close();
        SYSCALLS.umount(directory, Flags.MNT_DETACH);
    }

    @Test
    void startsProgramsInThereAndNowhereElse() throws IOException {
        pinNamespace();
        assertThat(touch(mounted)).isZero();
        assertThat(touch(directory)).isZero();

        assertThat(mounted).isEmptyDirectory();
        assertThat(directory.resolve("file")).exists();
    }

    @Test
    void triesAgainToEnterWhatItCouldNot() throws IOException {
        assertThatThrownBy(() -> touch(mounted)).hasMessageContaining("setns").hasMessageContaining("EINVAL");

        pinNamespace();
        assertThat(touch(mounted)).isZero();
    }

    @Test
    void saysWhatCannotBeStarted() throws IOException {
        pinNamespace();
        assertThatThrownBy(() -> threads.spawn(List.of("no-such-program"), Map.of(), Map.of()))
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("ENOENT");
        threads.close();
        assertThatThrownBy(() -> touch(mounted)).hasMessageContaining("ECANCELED");
    }

    private int touch(Path in) throws IOException {
        Map<Integer, Fd> none = Map.of();
        return SYSCALLS.waitpid(threads.spawn(List.of("touch", "file"), Map.of(), in, none));
    }
}
