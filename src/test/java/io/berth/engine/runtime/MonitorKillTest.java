package io.berth.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked
class MonitorKillTest {

    private final MonitorKill kill = new MonitorKill(new JnrSyscalls());

    @TempDir
    Path directory;

    private Path pidFile;
    private Process monitor;

    @BeforeEach
    void start() throws IOException {
        pidFile = directory.resolve("pid");
        // its child does not ask to die with it
        monitor = new ProcessBuilder("sh", "-c", "sleep 1000 & wait", "monitor", pidFile.toString()).start();
        await().until(() -> monitor.children().findAny().isPresent());
    }

    @AfterEach
    void end() {
        monitor.descendants().forEach(ProcessHandle::destroyForcibly);
        monitor.destroyForcibly();
    }

    @Test
    void endsAMonitorWithWhatItHasStarted() throws IOException {
        ProcessHandle child = monitor.children().findAny().orElseThrow();
        Files.writeString(pidFile, monitor.pid() + "\n");

        kill.run(pidFile);

        await().until(() -> !monitor.isAlive());
        await().until(() -> !child.isAlive());
    }

    @Test
    void leavesAloneWhoOnlyHasItsNumber() throws IOException {
        Path other = directory.resolve("other");
        Files.writeString(other, Long.toString(monitor.pid()));

        kill.run(other);

        assertThat(monitor.isAlive()).isTrue();
        assertThat(monitor.children()).isNotEmpty();
    }

    @Test
    void isDoneWhereThereIsNone() throws IOException {
        kill.run(directory.resolve("none"));
        Files.writeString(pidFile, "not a number");
        kill.run(pidFile);
        Files.writeString(pidFile, "999999999");
        kill.run(pidFile);

        assertThat(monitor.isAlive()).isTrue();
    }
}
