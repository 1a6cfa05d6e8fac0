package io.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link ContainerEngine} does with streams: of main processes, execs and sessions. */
public abstract class StreamsContract extends LifecycleContract {

    // --- the main process's streams

    @Test
    void attachesToTheMainProcess() throws Exception {
        ContainerId id = run(cat(), true);
        Received received = new Received();
        ProcessStream stream = listen(engine().attach(id), received);
        send(stream, "hello\n");
        received.awaitStdout("hello\n");
        engine().kill(id);
        assertThat(exitOf(stream).code()).isEqualTo(137);
        await().atMost(SOON).until(received::ended);
    }

    @Test
    void severalMayAttachToOneProcess() {
        ContainerId id = run(cat(), true);
        Received first = new Received();
        Received second = new Received();
        ProcessStream stream = listen(engine().attach(id), first);
        listen(engine().attach(id), second);
        send(stream, "to all\n");
        first.awaitStdout("to all\n");
        second.awaitStdout("to all\n");
    }

    @Test
    void closingAStreamLeavesTheMainProcessAlone() {
        ContainerId id = run(cat(), true);
        ProcessStream stream = listen(engine().attach(id), new Received());
        stream.close();
        Received again = new Received();
        send(listen(engine().attach(id), again), "still here\n");
        again.awaitStdout("still here\n");
        assertThat(engine().status(id)).get().isInstanceOf(ContainerStatus.Running.class);
    }

    // --- execs

    @Test
    void execGivesOutputAndExitCode() throws Exception {
        ContainerId id = run(sleepForever());
        Received received = new Received();
        ExecProcess exec = exec(id, echo("out"), false, received);
        assertThat(exitOf(exec).code()).isZero();
        assertThat(received.stdout()).isEqualTo("out\n");
        assertThat(received.ended()).isTrue();
        assertThat(exitOf(exec(id, exitWith(42), false, new Received())).code()).isEqualTo(42);
    }

    @Test
    void execTellsStderrFromStdout() throws Exception {
        ContainerId id = run(sleepForever());
        Received received = new Received();
        exitOf(exec(id, echoToStderr("oh"), false, received));
        assertThat(received.stderr()).isEqualTo("oh\n");
        assertThat(received.stdout()).isEmpty();
    }

    @Test
    void execTakesInputToItsEnd() throws Exception {
        ContainerId id = run(sleepForever());
        Received received = new Received();
        ExecProcess exec = exec(id, cat(), true, received);
        send(exec, "one ");
        send(exec, "two");
        exec.closeInput();
        assertThat(exitOf(exec).code()).isZero();
        assertThat(received.stdout()).isEqualTo("one two");
        assertThatThrownBy(() -> send(exec, "late")).isNotNull();
    }

    @Test
    void execWithoutInputSeesItsEndAtOnce() throws Exception {
        ContainerId id = run(sleepForever());
        assertThat(exitOf(exec(id, cat(), false, new Received())).code()).isZero();
    }

    @Test
    void execIsKilled() throws Exception {
        ContainerId id = run(sleepForever());
        ExecProcess exec = exec(id, sleepForever(), false, new Received());
        exec.signal(SIGKILL);
        assertThat(exitOf(exec).code()).isEqualTo(137);
        exec.signal(SIGKILL);
        assertThat(engine().status(id)).get().isInstanceOf(ContainerStatus.Running.class);
    }

    @Test
    void execTellsItsEndBeforeItsOutputIsRead() throws Exception {
        ContainerId id = run(sleepForever());
        ExecProcess exec = engine().exec(id, new ExecId("unread"), process(echo("kept")), false);
        opened.add(exec);
        assertThat(exec.ended().toCompletableFuture().get(20, TimeUnit.SECONDS).code())
                .isZero();
        assertThat(exec.exit().toCompletableFuture()).isNotDone();
        Received received = new Received();
        exec.listen(0, received);
        assertThat(exitOf(exec).code()).isZero();
        assertThat(received.stdout()).isEqualTo("kept\n");
    }

    @Test
    void execTellsItsEndAfterItsStreamsAreClosed() throws Exception {
        ContainerId id = run(sleepForever());
        ExecProcess exec = engine().exec(id, new ExecId("closed"), process(sleepForever()), false);
        exec.close();
        exec.signal(SIGKILL);
        assertThat(exec.ended().toCompletableFuture().get(20, TimeUnit.SECONDS).code())
                .isEqualTo(137);
        assertThat(exitOf(exec).code()).isEqualTo(137);
    }

    @Test
    void execRefusesUnknownCommandsAndUsers() {
        ContainerId id = run(sleepForever());
        assertRefused(
                Reason.COMMAND_NOT_FOUND,
                () -> awaitRefusal(engine().exec(id, new ExecId("e1"), process(List.of("no-such-command")), false)));
        ContainerConfig.ProcessConfig nobody =
                new ContainerConfig.ProcessConfig(echo("x"), env(), "/", "no-such-user", false, null);
        assertRefused(Reason.USER_NOT_FOUND, () -> engine().exec(id, new ExecId("e2"), nobody, false));
    }

    @Test
    void execEndsWithItsContainer() throws Exception {
        ContainerId id = run(sleepForever());
        ExecProcess exec = exec(id, sleepForever(), false, new Received());
        engine().kill(id);
        assertThat(exitOf(exec).code()).isEqualTo(137);
    }

    /** Wherever the kill finds them: not begun, being set up, running. */
    @Test
    void execsThatAreBeingStartedEndWithTheirContainer() throws Exception {
        ContainerId id = run(sleepForever());
        List<ExecProcess> execs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            execs.add(exec(id, sleepForever(), false, new Received()));
        }
        engine().kill(id);
        for (ExecProcess exec : execs) {
            assertThat(exitOf(exec).code()).isEqualTo(137);
        }
    }

    @Test
    void aReaderThatPausesStopsTheWriterAndLosesNothing() throws Exception {
        long bytes = 4 << 20;
        ContainerId id = run(sleepForever());
        ExecProcess exec = engine().exec(id, new ExecId("flood"), process(flood(bytes)), false);
        opened.add(exec);
        exec.pause();
        Received received = new Received();
        exec.listen(0, received);
        // whatever was under way may arrive, but no more than the buffers on the way hold
        assertThat(exec.exit().toCompletableFuture()).isNotDone();
        assertThat(received.size()).isLessThan(2 << 20);
        exec.resume();
        assertThat(exitOf(exec).code()).isZero();
        assertThat(received.size()).isEqualTo((int) bytes);
        assertThat(received.losses()).isEmpty();
    }

    // --- sessions

    @Test
    void sessionSurvivesItsConnections() {
        ContainerId id = run(sleepForever());
        ExecId exec = new ExecId("s1");
        Received first = new Received();
        ProcessStream stream = listen(engine().openSession(id, exec, terminal(cat())), first);
        send(stream, "before\n");
        first.awaitStdout("before\r\nbefore\r\n");
        stream.close();
        Received again = new Received();
        send(listen(engine().attachSession(id, exec), again), "after\n");
        again.awaitStdout("before\r\nbefore\r\nafter\r\nafter\r\n");
        assertThat(again.first()).isZero();
        assertThat(engine().sessions(id)).singleElement().satisfies(s -> {
            assertThat(s.id()).isEqualTo(exec);
            assertThat(s.exit()).isNull();
            assertThat(s.args()).isEqualTo(cat());
        });
    }

    @Test
    void sessionReplaysFromAnOffset() {
        ContainerId id = run(sleepForever());
        ExecId exec = new ExecId("s1");
        Received first = new Received();
        send(listen(engine().openSession(id, exec, terminal(cat())), first), "abcdef\n");
        first.awaitStdout("abcdef\r\nabcdef\r\n");
        Received later = new Received();
        ProcessStream second = engine().attachSession(id, exec);
        opened.add(second);
        second.listen(11, later);
        later.awaitStdout("def\r\n");
        assertThat(later.first()).isEqualTo(11);
        assertThat(later.stdout()).isEqualTo("def\r\n");
    }

    @Test
    void sessionStartsWithWhatComesNextWhenAskedTo() {
        ContainerId id = run(sleepForever());
        ExecId exec = new ExecId("s1");
        Received first = new Received();
        ProcessStream stream = listen(engine().openSession(id, exec, terminal(cat())), first);
        send(stream, "old\n");
        first.awaitStdout("old\r\nold\r\n");
        Received later = new Received();
        ProcessStream second = engine().attachSession(id, exec);
        opened.add(second);
        second.listen(-1, later);
        send(second, "new\n");
        later.awaitStdout("new\r\nnew\r\n");
        assertThat(later.stdout()).doesNotContain("old");
        first.awaitStdout("new\r\nnew\r\n");
        assertThat(later.next()).isEqualTo(first.next());
    }

    @Test
    void sessionTellsWhatAReplayLost() {
        ContainerId id = run(sleepForever());
        ExecId exec = new ExecId("s1");
        Received first = new Received();
        ProcessStream stream = listen(engine().openSession(id, exec, terminal(flood(8 << 20))), first);
        await().atMost(SOON).until(first::ended);
        stream.close();
        Received later = new Received();
        ProcessStream second = engine().attachSession(id, exec);
        opened.add(second);
        second.listen(0, later);
        await().atMost(SOON).until(later::ended);
        assertThat(later.losses()).isNotEmpty();
        assertThat(later.next()).isEqualTo(first.next());
        assertThat(later.first()).isEqualTo(later.losses().get(0)).isPositive();
    }

    @Test
    void sessionKnowsItsSize() {
        ContainerId id = run(sleepForever());
        ContainerConfig.ProcessConfig asked =
                new ContainerConfig.ProcessConfig(reportSize(), env(), "/", null, true, new TerminalSize(100, 30));
        Received received = new Received();
        ProcessStream stream = listen(engine().openSession(id, new ExecId("s1"), asked), received);
        send(stream, "\n");
        received.awaitStdout("30 100");
        stream.resize(new TerminalSize(132, 43));
        await().atMost(SOON).until(() -> {
            send(stream, "\n");
            return received.stdout().contains("43 132");
        });
        engine().resizeSession(id, new ExecId("s1"), new TerminalSize(90, 20));
        await().atMost(SOON).until(() -> {
            send(stream, "\n");
            return received.stdout().contains("20 90");
        });
    }

    @Test
    void sessionEndsAndIsKnownUntilItIsRemoved() throws Exception {
        ContainerId id = run(sleepForever());
        ExecId exec = new ExecId("s1");
        Received received = new Received();
        ProcessStream stream = listen(engine().openSession(id, exec, terminal(exitWith(5))), received);
        assertThat(exitOf(stream).code()).isEqualTo(5);
        assertThat(received.ended()).isTrue();
        assertThat(engine().sessions(id))
                .singleElement()
                .satisfies(s ->
                        assertThat(s.exit()).isNotNull().extracting(Exit::code).isEqualTo(5));
        engine().removeSession(id, exec);
        engine().removeSession(id, exec);
        assertThat(engine().sessions(id)).isEmpty();
        assertRefused(Reason.NOT_FOUND, () -> engine().attachSession(id, exec));
    }

    @Test
    void sessionIsInterruptedFromItsTerminal() throws Exception {
        ContainerId id = run(sleepForever());
        ProcessStream stream = listen(engine().openSession(id, new ExecId("s1"), terminal(cat())), new Received());
        send(stream, "\u0003");
        assertThat(exitOf(stream).code()).isEqualTo(130);
    }

    @Test
    void sessionIsKilled() throws Exception {
        ContainerId id = run(sleepForever());
        ExecId exec = new ExecId("s1");
        ProcessStream stream = listen(engine().openSession(id, exec, terminal(sleepForever())), new Received());
        engine().signalSession(id, exec, SIGKILL);
        assertThat(exitOf(stream).code()).isEqualTo(137);
        engine().signalSession(id, exec, SIGKILL);
    }

    @Test
    void sessionRefusesAnUnknownCommandAndLeavesNothing() {
        ContainerId id = run(sleepForever());
        assertRefused(
                Reason.COMMAND_NOT_FOUND,
                () -> engine().openSession(id, new ExecId("s1"), terminal(List.of("no-such-command"))));
        assertThat(engine().sessions(id)).isEmpty();
    }

    /** An engine may learn only from the runtime that a command is missing: then the exit fails. */
    private static void awaitRefusal(ProcessStream exec) throws Exception {
        exec.listen(0, new Received());
        try {
            exitOf(exec);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof EngineException refusal ? refusal : e;
        }
    }
}
