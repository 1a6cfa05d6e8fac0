package io.berth.engine.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpawnIT {

    private static final int CHILDREN = 100;

    private final Syscalls syscalls = new JnrSyscalls();

    @Test
    void tellsExitCodesAndSignals() throws Exception {
        assertThat(syscalls.waitpid(sh("exit 7", Map.of()))).isEqualTo(7);
        assertThat(syscalls.waitpid(sh("kill -9 $$", Map.of()))).isEqualTo(137);
        assertThat(syscalls.waitpid(sh("kill -TERM $$", Map.of()))).isEqualTo(143);
    }

    @Test
    void saysWhatProgramIsMissing() {
        assertThatThrownBy(() -> syscalls.spawn(List.of("no-such-program"), Map.of(), Map.of()))
                .hasMessageContaining("no-such-program")
                .hasMessageContaining("ENOENT");
        assertThatThrownBy(() -> syscalls.spawn(List.of("/no/such/program"), Map.of(), Map.of()))
                .hasMessageContaining("ENOENT");
    }

    @Test
    void startsInTheNamedDirectory(@TempDir Path directory) throws Exception {
        int pid = syscalls.spawn(List.of("touch", "here"), Map.of(), directory, Map.of());
        assertThat(syscalls.waitpid(pid)).isZero();
        assertThat(directory.resolve("here")).exists();

        assertThatThrownBy(() -> syscalls.spawn(List.of("touch", "here"), Map.of(), Path.of("/no/such"), Map.of()))
                .hasMessageContaining("ENOENT");
    }

    @Test
    void givesExactlyTheNamedDescriptors() throws Exception {
        // NIO opens files without close-on-exec
        try (FileChannel leaky = FileChannel.open(Path.of("/etc/passwd"))) {
            assertThat(leaky.isOpen()).isTrue();
            assertThat(output("ls /proc/self/fd", Map.of("A", "b"))).isEqualTo("0\n1\n2\n3\n");
        }
    }

    @Test
    void swapsNumbersThatOverlap() throws Exception {
        Fd[] first = syscalls.pipe();
        Fd[] second = syscalls.pipe();
        Map<Integer, Fd> descriptors = new HashMap<>();
        descriptors.put(first[1].number(), second[1]);
        descriptors.put(second[1].number(), first[1]);
        String script = "echo to-second >&" + first[1].number() + "; echo to-first >&" + second[1].number();

        int pid = syscalls.spawn(List.of("bash", "-c", script), Map.of(), descriptors);
        first[1].close();
        second[1].close();

        assertThat(readAll(first[0])).isEqualTo("to-first\n");
        assertThat(readAll(second[0])).isEqualTo("to-second\n");
        assertThat(syscalls.waitpid(pid)).isZero();
    }

    @Test
    void inheritsADescriptorUnderItsOwnNumber() throws Exception {
        Fd[] pipe = syscalls.pipe();

        int pid = syscalls.spawn(
                List.of("bash", "-c", "echo same >&" + pipe[1].number()), Map.of(), Map.of(pipe[1].number(), pipe[1]));
        pipe[1].close();

        assertThat(readAll(pipe[0])).isEqualTo("same\n");
        assertThat(syscalls.waitpid(pid)).isZero();
    }

    @Test
    void givesDefaultSignalsAnEmptyMaskAndASession() throws Exception {
        String status = output("cat /proc/self/status", Map.of());

        assertThat(status).contains("SigBlk:\t0000000000000000");
        // glibc itself leaves its two internal signals, 32 and 33, ignored
        assertThat(status).containsPattern("SigIgn:\t0000000[01]80000000|SigIgn:\t0{16}");
        String[] stat = output("cat /proc/$$/stat", Map.of()).split(" ");
        assertThat(stat[5]).as("session").isEqualTo(stat[0]);
    }

    @Test
    void givesTheEnvironmentAndNoMore() throws Exception {
        assertThat(output("exec env", Map.of("A", "b é"))).contains("A=b é\n").doesNotContain("HOME=");
    }

    @Test
    void startsManyAtOnceAndLeaksNothing() throws Exception {
        syscalls.waitpid(sh("true", Map.of()));
        int before = descriptors();

        List<Integer> codes = IntStream.range(0, CHILDREN)
                .parallel()
                .mapToObj(i -> {
                    try {
                        return syscalls.waitpid(sh("exit " + i, Map.of()));
                    } catch (ErrnoException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();

        assertThat(codes)
                .containsExactlyElementsOf(IntStream.range(0, CHILDREN).boxed().toList());
        assertThat(descriptors()).isLessThanOrEqualTo(before + 2);
    }

    private int sh(String script, Map<String, String> environment) throws ErrnoException {
        return syscalls.spawn(List.of("/bin/sh", "-c", script), environment, Map.of());
    }

    private String output(String script, Map<String, String> environment) throws ErrnoException {
        Fd[] pipe = syscalls.pipe();
        int pid = syscalls.spawn(List.of("/bin/sh", "-c", script), environment, Map.of(1, pipe[1]));
        pipe[1].close();
        String text = readAll(pipe[0]);
        syscalls.waitpid(pid);
        return text;
    }

    private String readAll(Fd read) throws ErrnoException {
        try (read) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(65536);
            while (syscalls.read(read, buffer) >= 0) {
                // until the end
            }
            return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
        }
    }

    private static int descriptors() {
        return java.util.Objects.requireNonNull(new java.io.File("/proc/self/fd").list()).length;
    }
}
