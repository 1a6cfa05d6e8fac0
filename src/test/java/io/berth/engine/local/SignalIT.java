package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.GroupId;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Signals go to the container's processes and to no other, whoever has their numbers by now. A process outside stands for
 * one that got such a number: it is written where Berth had noted the container's.
 */
class SignalIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    private GroupId group;
    private Process outsider;

    @BeforeEach
    void begin() throws IOException {
        group = group(NONE);
        outsider = new ProcessBuilder("sleep", "1000").start();
    }

    @AfterEach
    void end() {
        outsider.destroyForcibly();
    }

    @Test
    void spareWhoHasTheNumberOfAnExec() throws Exception {
        ContainerId id = run(group, NONE, SLEEP);
        ExecId exec = new ExecId("mistaken");
        try (ExecProcess process = host.engine().exec(id, exec, process(SLEEP, null), false)) {
            assertThat(process.begun().toCompletableFuture()).succeedsWithin(SOON);
            writeOutsider(pidFile(id, exec));
            process.signal(SIGTERM);
            assertThatOutsiderIsSpared();
            assertThat(process.ended().toCompletableFuture()).isNotDone();
            process.signal(SIGKILL); // finds its own by their environment
            assertThat(process.ended().toCompletableFuture()).succeedsWithin(SOON);
            assertThatOutsiderIsSpared();
        }
    }

    @Test
    void spareWhoHasTheNumberOfAnExecThatIsOver() throws Exception {
        ContainerId id = run(group, NONE, SLEEP);
        ExecId exec = new ExecId("unread");
        try (ExecProcess process = host.engine().exec(id, exec, process(List.of("echo", "unread"), null), false)) {
            assertThat(process.ended().toCompletableFuture()).succeedsWithin(SOON);
            assertThat(process.exit().toCompletableFuture()).isNotDone(); // nobody reads its output
            assertThat(pidFile(id, exec)).doesNotExist();
            writeOutsider(pidFile(id, exec));
            process.signal(SIGTERM);
            process.signal(SIGKILL);
            assertThatOutsiderIsSpared();
            process.listen(0, new Received());
            assertThat(process.exit().toCompletableFuture()).succeedsWithin(SOON);
        }
    }

    @Test
    void spareWhoHasTheNumberOfASession() throws Exception {
        ContainerId id = run(group, NONE, SLEEP);
        ExecId session = new ExecId("session");
        ProcessConfig shell = new ProcessConfig(List.of("sh"), List.of("PATH=/bin"), "/", null, true, null);
        host.engine().openSession(id, session, shell).close();
        host.whileClosed(() -> writeOutsider(
                host.bundle(id).resolve("s").resolve(session.value()).resolve("pid")));
        host.engine().signalSession(id, session, SIGTERM);
        host.engine().signalSession(id, session, SIGKILL);
        assertThatOutsiderIsSpared();
    }

    @Test
    void spareWhoHasTheNumberOfAMainProcessThatIsOver() throws Exception {
        ContainerId id = run(group, NONE, SLEEP);
        Path stored = host.bundle(id).resolve("run.json");
        host.whileClosed(() -> Files.writeString(
                stored, Files.readString(stored).replaceAll("\"pid\" *: *[0-9]+", "\"pid\":" + outsider.pid())));
        assertThat(host.engine().status(id).orElseThrow().toString()).contains("pid=" + outsider.pid());
        host.engine().signal(id, SIGTERM);
        assertThatOutsiderIsSpared();
    }

    @Test
    void areRefusedWhileManyOfTheGroupWait() throws Exception {
        ContainerId id = run(group, NONE, SLEEP);
        try (ExecProcess process =
                host.engine().exec(id, new ExecId("many"), process(List.of("sleep", "1000"), null), false)) {
            process.listen(0, new Received());
            assertThat(process.begun().toCompletableFuture()).succeedsWithin(SOON);
            host.engine().pause(id);
            process.signal(SIGKILL); // looked after for a second, since it cannot end
            assertThatThrownBy(() -> {
                        for (int i = 0; i <= SignalThreads.MOST_OF_A_GROUP; i++) {
                            process.signal(SIGTERM);
                        }
                    })
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.BUSY));
            process.signal(SIGKILL); // is never refused
            host.engine().resume(id);
            assertThat(process.exit().toCompletableFuture()).succeedsWithin(SOON);
            await().atMost(SOON)
                    .ignoreExceptionsInstanceOf(EngineException.class)
                    .until(() -> {
                        process.signal(SIGTERM);
                        return true;
                    });
        }
    }

    private void writeOutsider(Path pidFile) throws IOException {
        Files.writeString(pidFile, Long.toString(outsider.pid()));
    }

    private static Path pidFile(ContainerId id, ExecId exec) {
        return host.bundle(id).resolve("e").resolve(exec + ".pid");
    }

    private void assertThatOutsiderIsSpared() throws InterruptedException {
        assertThat(outsider.waitFor(500, TimeUnit.MILLISECONDS)).isFalse();
    }
}
