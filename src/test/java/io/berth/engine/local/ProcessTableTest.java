package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.engine.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessTableTest {

    @TempDir
    Path proc;

    @BeforeEach
    void fill() throws IOException {
        process(100, 1, 100, 1, "sh\0-c\0sleep 1\0", "A=b\0");
        process(101, 100, 100, 7, "sleep\0001\0", "A=b\0");
        process(102, 101, 102, 8, "worker\0", "A=b\0BERTH_EXEC_ID=e1\0");
        process(103, 1, 103, 9, "", "BERTH_EXEC_ID=e12\0");
    }

    @Test
    void describesProcessesAsTheContainerSeesThem() {
        List<ProcessInfo> processes = new ProcessTable(proc).describe(List.of(101, 100, 999), 700_000);
        assertThat(processes)
                .containsExactly(
                        new ProcessInfo(1, 0, 5, "S", 300, 40_960, "sh -c sleep 1"),
                        new ProcessInfo(7, 1, 5, "S", 300, 40_960, "sleep 1"));
    }

    @Test
    void namesAProcessWithoutACommandLine() {
        assertThat(new ProcessTable(proc).describe(List.of(103), 700_000).get(0).command())
                .isEqualTo("[we (ird) name]");
    }

    @Test
    void findsAllThatAProcessBegan() {
        assertThat(new ProcessTable(proc).treeOf(100, List.of(100, 101, 102, 103)))
                .containsExactlyInAnyOrder(100, 101, 102);
    }

    @Test
    void findsTheMarkedAndNoOthers() {
        assertThat(new ProcessTable(proc).withEnvironment("BERTH_EXEC_ID=e1", List.of(100, 101, 102, 103)))
                .containsExactly(102);
    }

    @Test
    void oneThatExitsIsNotAliveThoughItWaitsForOthers() throws IOException {
        assertThat(new ProcessTable(proc).isAlive(100)).isTrue();
        Path stat = proc.resolve("100/stat");
        String exiting = Files.readString(stat).replace(" 0 -1 0 ", " 0 -1 4194564 "); // PF_EXITING among others
        Files.writeString(stat, exiting);
        assertThat(new ProcessTable(proc).isAlive(100)).isFalse();
        assertThat(new ProcessTable(proc).isAlive(999)).isFalse();
    }

    private void process(int pid, int parent, int session, int inside, String command, String environment)
            throws IOException {
        Path directory = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(
                directory.resolve("stat"),
                pid + " (we (ird) name) S " + parent + " " + pid + " " + session
                        + " 0 -1 0 0 0 0 0 10 20 0 0 20 0 1 0 5 4096 10 0");
        Files.writeString(
                directory.resolve("status"),
                "Name:\tx\nUid:\t700005\t700005\t700005\t700005\nNSpid:\t" + pid + "\t" + inside + "\n");
        Files.writeString(directory.resolve("cmdline"), command);
        Files.writeString(directory.resolve("environ"), environment);
    }
}
