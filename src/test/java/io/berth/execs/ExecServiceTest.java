package io.berth.execs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerActivity;
import io.berth.containers.ContainerHandle;
import io.berth.containers.StartedContainers;
import io.berth.engine.Exit;
import io.berth.engine.FakeEngine;
import io.berth.engine.ProcessStream;
import io.berth.engine.Received;
import io.berth.engine.TerminalSize;
import io.berth.testing.TestConfigs;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExecServiceTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final CompletableFuture<Void> NEVER = new CompletableFuture<>();

    private final FakeEngine engine = new FakeEngine();
    private final ContainerHandle box = new StartedContainers(engine).run("box", "sleep");
    private final ContainerActivity activity = new ContainerActivity(Clock.systemUTC());
    private ExecService execs = service(Map.of());

    private ExecService service(Map<String, String> settings) {
        return new ExecService(
                engine,
                ExecTestAccess.UNLIMITED,
                TestConfigs.of(ExecConfig.class, settings),
                (container, exec, tty, exit) -> {},
                activity,
                Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        execs.close();
        engine.close();
    }

    @Test
    void runsToTheEndAndTellsWhatCameOfIt() {
        ExecResult result = run(spec("echo", "hi"), null, null);
        assertThat(result.exitCode()).isZero();
        assertThat(text(result.stdout())).isEqualTo("hi\n");
        assertThat(result.truncated()).isFalse();
        assertThat(result.timedOut()).isFalse();
        assertThat(text(run(spec("err", "oh"), null, null).stderr())).isEqualTo("oh\n");
        assertThat(run(spec("exit", "3"), null, null).exitCode()).isEqualTo(3);
    }

    @Test
    void givesAllInputAndThenItsEnd() {
        byte[] input = new byte[300_000];
        java.util.Arrays.fill(input, (byte) 'x');
        ExecResult result = run(spec("cat"), input, null);
        assertThat(result.stdout()).isEqualTo(input);
        assertThat(run(spec("cat"), new byte[0], null).stdout()).isEmpty();
    }

    @Test
    void keepsTheFirstBytesAndDrainsTheRest() {
        execs.close();
        execs = service(Map.of("berth.execs.max-output", "1000"));
        ExecResult result = run(spec("flood", "5000000"), null, null);
        assertThat(result.exitCode()).isZero();
        assertThat(result.stdout().length).isEqualTo(1000);
        assertThat(result.truncated()).isTrue();
    }

    @Test
    void killsAtTheTimeout() {
        ExecResult result = run(spec("sleep"), null, Duration.ofMillis(20));
        assertThat(result.exitCode()).isEqualTo(137);
        assertThat(result.timedOut()).isTrue();
    }

    @Test
    void refusesATimeoutLongerThanIsAllowed() {
        execs.close();
        execs = service(Map.of("berth.execs.max-timeout", "2s"));
        Duration longest = Duration.ofSeconds(2);
        assertThat(run(spec("echo"), null, longest).exitCode()).isZero();
        assertRefused(
                ErrorCode.VALIDATION_FAILED,
                "/timeout: must be 2 s at most",
                () -> execs.run(box, spec("echo"), null, longest.plusMillis(1), NEVER));
        assertThat(execs.list(box)).isEmpty();
    }

    @Test
    void listsWhatIsWaitedForSoThatItCanBeKilled() {
        CompletableFuture<ExecResult> waited =
                execs.run(box, spec("sleep"), null, null, NEVER).toCompletableFuture();
        assertThat(execs.list(box)).hasSize(1);
        Exec listed = execs.list(box).get(0);
        assertThat(listed.args()).containsExactly("sleep");
        assertRefused(ErrorCode.WRONG_STATE, listed.id().value(), () -> execs.connect(listed));
        execs.delete(listed);
        assertThat(waited.orTimeout(20, TimeUnit.SECONDS).join().exitCode()).isEqualTo(137);
        assertThat(execs.list(box)).isEmpty();
    }

    @Test
    void killsWhatNobodyWaitsForAnyMore() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        CompletableFuture<ExecResult> waited =
                execs.run(box, spec("sleep"), null, null, gone).toCompletableFuture();
        gone.complete(null);
        assertThat(waited.orTimeout(20, TimeUnit.SECONDS).join().exitCode()).isEqualTo(137);
        assertThat(execs.list(box)).isEmpty();
    }

    @Test
    void namesWhatIsNotThere() {
        assertRefused(ErrorCode.COMMAND_NOT_FOUND, "no-such", () -> execs.run(box, spec("no-such"), null, null, NEVER));
        ExecSpec nobody = new ExecSpec(List.of("echo"), Map.of(), null, "mallory", false, false, null);
        assertRefused(ErrorCode.USER_NOT_FOUND, "mallory", () -> execs.start(box, nobody));
    }

    @Test
    void refusesAContainerThatDoesNotRun() {
        engine.kill(box.id());
        assertRefused(ErrorCode.WRONG_STATE, "start it first", () -> execs.run(box, spec("echo"), null, null, NEVER));
        assertRefused(ErrorCode.WRONG_STATE, "start it first", () -> execs.start(box, terminal("cat")));
    }

    @Test
    void boundsWhatRunsAtATimeAndCountsFailuresOnce() {
        execs.close();
        execs = service(Map.of("berth.execs.per-container", "2"));
        assertRefused(ErrorCode.COMMAND_NOT_FOUND, "x", () -> execs.run(box, spec("x"), null, null, NEVER));
        CompletionStage<ExecResult> first = execs.run(box, spec("sleep"), null, Duration.ofMillis(200), NEVER);
        Exec second = execs.start(box, spec("cat"));
        assertRefused(ErrorCode.RATE_LIMITED, "2", () -> execs.run(box, spec("echo"), null, null, NEVER));
        execs.delete(second);
        assertThat(run(spec("echo"), null, null).exitCode()).isZero();
        first.toCompletableFuture().join();
        execs.start(box, terminal("cat"));
        execs.start(box, terminal("cat"));
        assertRefused(ErrorCode.RATE_LIMITED, "2", () -> execs.start(box, terminal("cat")));
    }

    @Test
    void keepsSessionsOverARestartOfTheServer() {
        Exec session = execs.start(box, terminal("cat"));
        execs.close();
        execs = service(Map.of());
        assertThat(execs.list(box)).extracting(Exec::id).containsExactly(session.id());
        assertThat(execs.get(box, session.id().value()).tty()).isTrue();
        execs.delete(session);
        assertThat(execs.list(box)).isEmpty();
        assertRefused(
                ErrorCode.EXEC_NOT_FOUND,
                session.id().value(),
                () -> execs.get(box, session.id().value()));
    }

    @Test
    void resizesSessionsOnly() {
        Exec session = execs.start(box, terminal("size"));
        execs.resize(session, new TerminalSize(132, 43));
        Received received = new Received();
        try (ProcessStream stream = execs.connect(session)) {
            stream.listen(0, received);
            stream.write(java.nio.ByteBuffer.wrap(new byte[] {'\n'}));
            received.awaitStdout("43 132");
        }
        Exec pipes = execs.start(box, spec("cat"));
        assertRefused(ErrorCode.WRONG_STATE, "tty", () -> execs.resize(pipes, new TerminalSize(1, 1)));
    }

    @Test
    void letsThePipesBeReadOnce() {
        Exec exec = execs.start(box, spec("echo", "once"));
        Received received = new Received();
        ProcessStream stream = execs.connect(exec);
        stream.listen(0, received);
        received.awaitStdout("once\n");
        assertRefused(ErrorCode.WRONG_STATE, exec.id().value(), () -> execs.connect(exec));
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(execs.get(box, exec.id().value()).exit()).isNotNull());
        stream.close();
    }

    @Test
    void tellsTheEndOfAnExecWhoseOutputIsStillToBeHad() {
        Exec exec = execs.start(box, spec("echo", "kept"));
        awaitExit(exec, 0);
        assertThat(execs.get(box, exec.id().value()).exit())
                .extracting(Exit::at, InstanceOfAssertFactories.INSTANT)
                .isAfterOrEqualTo(exec.startedAt());
        Received received = new Received();
        try (ProcessStream stream = execs.connect(exec)) {
            stream.listen(0, received);
            received.awaitStdout("kept\n");
        }
    }

    @Test
    void endsAnExecThatNobodyAttachesTo() {
        execs.close();
        execs = service(Map.of("berth.execs.unattached", "20ms"));
        Exec exec = execs.start(box, spec("sleep"));
        awaitExit(exec, 137);
        await().atMost(SOON).until(() -> engine.processes(box.id()).size() == 1);
        assertRefused(ErrorCode.WRONG_STATE, "can be had once", () -> execs.connect(exec));
    }

    @Test
    void remembersTheLastThatAreOver() {
        execs.close();
        execs = service(Map.of("berth.execs.per-container", "2"));
        for (int i = 0; i < 5; i++) {
            Exec exec = execs.start(box, spec("echo", "x".repeat(100_000)));
            execs.connect(exec).close();
            awaitExit(exec, 0);
            assertThat(execs.list(box))
                    .hasSizeBetween(1, 3)
                    .contains(execs.get(box, exec.id().value()));
            assertThat(execs.list(box))
                    .allSatisfy(known -> assertThat(known.args().get(1)).hasSizeLessThan(3000));
        }
        await().atMost(SOON).until(() -> execs.list(box).size() == 2);
    }

    @Test
    void forgetsWhatIsOverAfterATime() {
        execs.close();
        execs = service(Map.of("berth.execs.remembered", "20ms"));
        execs.connect(execs.start(box, spec("echo"))).close();
        await().atMost(SOON).until(() -> execs.list(box).isEmpty());
    }

    @Test
    void endsAnExecWhoseClientLetsGo() {
        Exec exec = execs.start(box, spec("sleep"));
        execs.connect(exec).close();
        await().atMost(SOON).until(() -> engine.processes(box.id()).size() == 1);
    }

    @Test
    void signalsBothKinds() {
        Exec session = execs.start(box, terminal("trap", "15", "7"));
        execs.signal(session, 15);
        awaitExit(session, 7);
        Exec pipes = execs.start(box, spec("sleep"));
        execs.signal(pipes, 9);
        awaitExit(pipes, 137);
        assertThat(engine.processes(box.id())).hasSize(1);
    }

    @Test
    void addsItsEnvironmentToTheContainers() {
        ContainerHandle container =
                new ContainerHandle(box.id(), box.tenant(), "running", List.of("PATH=/bin", "A=1"), "/", null);
        ExecSpec spec = new ExecSpec(List.of("x"), Map.of("A", "2"), null, null, true, false, null);
        assertThat(spec.in(container).env()).containsExactlyInAnyOrder("PATH=/bin", "A=2", "TERM=xterm");
        assertThat(spec.in(container).workingDir()).isEqualTo("/");
    }

    private void awaitExit(Exec exec, int code) {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(execs.get(box, exec.id().value()).exit())
                                .isNotNull()
                                .extracting(Exit::code)
                                .isEqualTo(code));
    }

    private ExecResult run(ExecSpec spec, byte @Nullable [] input, @Nullable Duration timeout) {
        return execs.run(box, spec, input, timeout, NEVER)
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static ExecSpec spec(String... args) {
        return new ExecSpec(List.of(args), Map.of(), null, null, false, false, null);
    }

    private static ExecSpec terminal(String... args) {
        return new ExecSpec(List.of(args), Map.of(), null, null, true, false, null);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void assertRefused(ErrorCode code, String part, ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(part)
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
