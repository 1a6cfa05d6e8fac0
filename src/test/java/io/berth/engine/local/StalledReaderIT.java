package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.ExecId;
import io.berth.engine.Exit;
import io.berth.engine.GroupId;
import io.berth.engine.OutputListener;
import io.berth.engine.ProcessStream;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import io.berth.engine.TerminalSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A reader that does not read on holds its process up, and conmon, and nothing else. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StalledReaderIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final int SIGKILL = 9;
    private static final ExecId SESSION = new ExecId("session");

    private final List<ProcessStream> streams = new ArrayList<>();
    private GroupId group;

    @BeforeEach
    void begin() {
        group = group(NONE);
    }

    @AfterEach
    void closeStreams() {
        streams.forEach(ProcessStream::close);
    }

    @Test
    void doesNotKeepOthersFromResizingOrConnectingInVain() {
        ContainerId id = run(group, NONE, SLEEP);
        openSession(id, "yes");
        stall(host.engine().attachSession(id, SESSION));
        for (int i = 0; i < 50; i++) {
            host.engine().resizeSession(id, SESSION, new TerminalSize(80, 20 + i));
        }
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 50; i++) {
                        streams.add(host.engine().attachSession(id, SESSION));
                    }
                })
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUSY));
    }

    @Test
    void doesNotKeepAContainerFromBeingKilled() {
        ContainerId id = run(group, NONE, List.of("yes"));
        ProcessStream stream = host.engine().attach(id);
        Received received = stall(stream);
        long begun = System.nanoTime();
        assertThat(host.engine().kill(id).code()).isEqualTo(137);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        assertThat(received.ended()).isFalse();
        await().atMost(SOON).until(() -> {
            stream.resume(); // each output pauses it
            return received.ended();
        });
    }

    @Test
    void doesNotHideThatAContainerEndedByItself() {
        ContainerId id = run(group, NONE, List.of("sh", "-c", "yes & sleep 4; exit 3"));
        stall(host.engine().attach(id));
        assertThat(awaitExit(id).code()).isEqualTo(3);
    }

    @Test
    void doesNotKeepASessionFromBeingKilled() {
        ContainerId id = run(group, NONE, SLEEP);
        openSession(id, "yes");
        stall(host.engine().attachSession(id, SESSION));
        host.engine().signalSession(id, SESSION, SIGKILL);
        await().atMost(SOON).until(() -> host.engine().sessions(id).get(0).exit() != null);
        assertThat(host.engine().sessions(id).get(0).exit())
                .isNotNull()
                .extracting(Exit::code)
                .isEqualTo(137);
    }

    @Test
    void aMonitorThatDoesNothingIsKilledWithItsContainer() throws Exception {
        ContainerId id = run(group, NONE, SLEEP);
        host.stopMonitor(id);
        assertThat(host.engine().kill(id).code()).isEqualTo(137);
        await().atMost(SOON).until(() -> !host.isMonitored(id));
    }

    private static void openSession(ContainerId id, String... command) {
        ProcessConfig process = new ProcessConfig(List.of(command), List.of("PATH=/bin"), "/", null, true, null);
        host.engine().openSession(id, SESSION, process).close();
    }

    /** Returns when nothing is written any more: conmon waits for this reader. */
    private Received stall(ProcessStream stream) {
        streams.add(stream);
        Received received = new Received();
        stream.listen(-1, new OutputListener() {
            @Override
            public void output(io.berth.engine.OutputStreamKind kind, long offset, java.nio.ByteBuffer bytes) {
                stream.pause();
                received.output(kind, offset, bytes);
            }

            @Override
            public void lost(long nextOffset) {
                received.lost(nextOffset);
            }

            @Override
            public void end() {
                received.end();
            }
        });
        await().atMost(SOON).until(() -> received.size() > 0);
        LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
        return received;
    }
}
