package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.common.Subprocess;
import io.berth.engine.ContainerConfig;
import io.berth.engine.ContainerConfig.ProcessConfig;
import io.berth.engine.ContainerId;
import io.berth.engine.CreatedContainer;
import io.berth.engine.ExecId;
import io.berth.engine.ExecProcess;
import io.berth.engine.GroupId;
import io.berth.engine.ProcessStream;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import io.berth.engine.bundle.AppArmor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Containers under their AppArmor profile. The gate leaves this out where the kernel has no AppArmor: the suite {@code
 * labels} of {@code ./berth test --vm} has it.
 */
class AppArmorIT extends HostedContainers {

    private static final ResourceLimits NONE = ResourceLimits.UNLIMITED;
    private static final String LABEL = AppArmor.PROFILE + " (enforce)";
    private static final int SIGTERM = 15;

    private GroupId group;

    @BeforeEach
    void makeGroup() {
        group = group(NONE);
    }

    @Test
    void confinesMainProcessesExecsAndSessions() throws IOException {
        assertThat(host.engine().info().features()).containsEntry("apparmor", AppArmor.PROFILE);
        ContainerConfig config = config(group, NONE, SLEEP);
        ContainerId id = config.id();
        CreatedContainer created = run(config);
        awaitLabel(created);
        assertThat(sh(id, "cat /proc/self/attr/current").stdout()).isEqualTo(LABEL + "\n");
        Received received = new Received();
        List<String> script = List.of("sh", "-c", "cat /proc/self/attr/current; echo over");
        ProcessConfig process = new ProcessConfig(script, List.of("PATH=/bin"), "/", null, true, null);
        try (ProcessStream session = host.engine().openSession(id, new ExecId("session"), process)) {
            session.listen(0, received);
            received.awaitStdout("over");
        }
        assertThat(received.stdout()).contains(LABEL);
    }

    /** The same file in the same namespaces, read by the container's root and by one without a profile. */
    @Test
    void forbidsWhatNothingElseDoes() throws IOException {
        ContainerConfig config = config(group, NONE, SLEEP);
        String pid = Integer.toString(run(config).pid());
        Subprocess.run(
                        SOON,
                        List.of("nsenter", "--target", pid, "--user", "--mount", "--pid", "cat", "/sys/kernel/notes"))
                .orThrow();
        Output refused = sh(config.id(), "cat /sys/kernel/notes");
        assertThat(refused.stderr()).contains("Permission denied");
        assertThat(refused.stdout()).isEmpty();
    }

    @Test
    void leavesOrdinaryProgramsAlone() {
        ContainerId id = run(group, NONE, SLEEP);
        for (String script : List.of(
                "sleep 1000 & kill $! && ! wait $!",
                "echo 100 > /proc/self/oom_score_adj",
                "echo '#!/bin/sh' > /tmp/run && chmod +x /tmp/run && /tmp/run && ln /tmp/run /tmp/link && rm /tmp/run",
                "mkfifo /dev/shm/pipe && { echo x > /dev/shm/pipe & cat /dev/shm/pipe; }",
                "ping -c 1 127.0.0.1",
                "nc -l -p 7000 > /tmp/got & until echo hello | nc -w 1 127.0.0.1 7000; do sleep 1; done",
                "chown 1000 /tmp/got && cat /proc/1/cmdline /proc/mounts /sys/class/net/lo/mtu")) {
            assertThat(sh(id, script)).as(script).extracting(Output::code).isEqualTo(0);
        }
    }

    @Test
    void isSignalledPausedAndStopped() throws Exception {
        ContainerId id = run(group, NONE, List.of("sh", "-c", "trap 'exit 7' TERM; while :; do sleep 0.1; done"));
        try (ExecProcess exec = host.engine().exec(id, new ExecId("signalled"), process(SLEEP, null), false)) {
            exec.listen(0, new Received());
            exec.signal(SIGTERM);
            assertThat(exec.exit().toCompletableFuture())
                    .succeedsWithin(SOON)
                    .satisfies(exit -> assertThat(exit.code()).isEqualTo(128 + SIGTERM));
        }
        host.engine().pause(id);
        host.engine().resume(id);
        host.engine().signal(id, SIGTERM);
        assertThat(awaitExit(id).code()).isEqualTo(7);
    }

    @Test
    void loadsAProfileThatWasRemovedMeanwhile() throws IOException {
        ContainerId id = run(group, NONE, SLEEP);
        removeProfile();
        assertThat(sh(id, "cat /proc/self/attr/current").stdout()).isEqualTo(LABEL + "\n");
        removeProfile();
        awaitLabel(run(config(group, NONE, SLEEP)));
    }

    private static void removeProfile() throws IOException {
        Subprocess.run(SOON, List.of("apparmor_parser", "--remove"), "profile " + AppArmor.PROFILE + " {}")
                .orThrow();
    }

    @Test
    void confinesExecsAfterARestartOfTheServer() throws IOException {
        ContainerId id = run(group, NONE, SLEEP);
        host.restart();
        assertThat(sh(id, "cat /proc/self/attr/current").stdout()).isEqualTo(LABEL + "\n");
    }

    /** It has the label when the runtime has let it go, which is a moment after its start. */
    private static void awaitLabel(CreatedContainer created) {
        Path current = Path.of("/proc/" + created.pid() + "/attr/current");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(Files.readString(current).strip()).isEqualTo(LABEL));
    }
}
