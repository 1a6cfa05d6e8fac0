package io.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ContainerEngine} does. A subclass gives the engine, the layers of an image with a small shell, and
 * the commands in that image that do what the tests want done.
 */
public abstract class ContainerEngineContract {

    protected static final int SIGTERM = 15;
    protected static final int SIGKILL = 9;
    protected static final Duration SOON = Duration.ofSeconds(20);

    private static final AtomicInteger NUMBER = new AtomicInteger();

    protected final GroupId group = new GroupId("contract-" + NUMBER.incrementAndGet());
    protected final Map<ContainerId, Exit> exits = new ConcurrentHashMap<>();
    private final List<ContainerId> made = new ArrayList<>();
    private final List<ProcessStream> opened = new ArrayList<>();

    /** The same engine throughout a test. */
    protected abstract ContainerEngine engine();

    protected abstract List<Path> layers();

    /** A command that runs until it is killed; SIGTERM's default action ends it or, as process 1, does not. */
    protected abstract List<String> sleepForever();

    protected abstract List<String> exitWith(int code);

    /** Writes the text and a line's end to standard output and ends with 0. */
    protected abstract List<String> echo(String text);

    /** The same to standard error. */
    protected abstract List<String> echoToStderr(String text);

    /** Copies its input to its output, and ends with 0 when the input ends. */
    protected abstract List<String> cat();

    /** Writes {@code bytes} bytes to standard output, without a pause, and ends with 0. */
    protected abstract List<String> flood(long bytes);

    /** Writes {@code rows columns} of its terminal and a line's end at every line of input. */
    protected abstract List<String> reportSize();

    /** Ends with the code when the signal comes, even as process 1; no other catchable signal ends it. */
    protected abstract List<String> exitOnSignal(int signal, int code);

    /** Makes an empty file, then ends with 0. */
    protected abstract List<String> touch(String path);

    @BeforeEach
    void makeGroup() {
        engine().onExit(exits::put);
        engine().ensureGroup(new GroupSpec(group, ResourceLimits.UNLIMITED));
    }

    @AfterEach
    void removeAll() {
        opened.forEach(ProcessStream::close);
        made.forEach(engine()::delete);
        engine().removeGroup(group);
    }

    // --- making and ending containers

    @Test
    void startsWhatItCreatedAndOnlyOnce() {
        ContainerId id = create(sleepForever());
        assertThat(engine().status(id)).get().isInstanceOf(ContainerStatus.Created.class);
        engine().start(id);
        assertThat(engine().status(id)).get().isInstanceOf(ContainerStatus.Running.class);
        assertRefused(Reason.WRONG_STATE, () -> engine().start(id));
    }

    @Test
    void tellsThePidOfTheMainProcess() {
        ContainerConfig config = config(sleepForever());
        CreatedContainer created = create(config);
        assertThat(created.pid()).isPositive();
        assertThat(created.phases()).isNotEmpty();
        engine().start(config.id());
        assertThat(engine().status(config.id()))
                .get()
                .isInstanceOfSatisfying(
                        ContainerStatus.Running.class, r -> assertThat(r.pid()).isPositive());
    }

    @Test
    void keepsTheExitCode() {
        ContainerId id = run(exitWith(3));
        assertThat(awaitExit(id).code()).isEqualTo(3);
        assertThat(awaitExit(id).oomKilled()).isFalse();
    }

    @Test
    void tellsTheListenerOfAnExit() {
        ContainerId id = run(exitWith(4));
        await().atMost(SOON).until(() -> exits.containsKey(id));
        assertThat(exits.get(id)).extracting(Exit::code).isEqualTo(4);
    }

    @Test
    void killsWithExitCode137AndMayBeAskedAgain() {
        ContainerId id = run(sleepForever());
        assertThat(engine().kill(id).code()).isEqualTo(137);
        assertThat(engine().status(id)).get().isInstanceOf(ContainerStatus.Stopped.class);
        assertThat(engine().kill(id).code()).isEqualTo(137);
    }

    @Test
    void killKeepsTheExitCodeOfWhatHadEnded() {
        ContainerId id = run(exitWith(3));
        awaitExit(id);
        assertThat(engine().kill(id).code()).isEqualTo(3);
    }

    @Test
    void deliversASignalToTheMainProcess() {
        ContainerId id = run(exitOnSignal(SIGTERM, 7));
        // the command may need a moment until it is ready for the signal
        await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(() -> {
            engine().signal(id, SIGTERM);
            return engine().status(id).orElseThrow() instanceof ContainerStatus.Stopped;
        });
        assertThat(awaitExit(id).code()).isIn(7, 128 + SIGTERM);
        engine().signal(id, SIGTERM);
    }

    @Test
    void startsAStoppedContainerAgainOnTheSameFiles() {
        ContainerConfig config = config(touch("/kept"));
        create(config);
        engine().start(config.id());
        awaitExit(config.id());
        ContainerConfig again = with(config, sleepForever());
        engine().recreate(again);
        assertThat(engine().status(config.id())).get().isInstanceOf(ContainerStatus.Created.class);
        engine().start(config.id());
        assertThat(engine().status(config.id())).get().isInstanceOf(ContainerStatus.Running.class);
        assertThat(engine().changes(config.id(), 100))
                .extracting(FileChange::path)
                .contains("/kept");
        assertRefused(Reason.WRONG_STATE, () -> engine().recreate(again));
    }

    @Test
    void deletesInAnyStateAndMayBeAskedAgain() {
        ContainerId fresh = create(sleepForever());
        ContainerId running = run(sleepForever());
        ContainerId stopped = run(exitWith(0));
        awaitExit(stopped);
        for (ContainerId id : List.of(fresh, running, stopped)) {
            engine().delete(id);
            assertThat(engine().status(id)).isEmpty();
            assertThat(engine().list()).doesNotContain(id);
            engine().delete(id);
        }
        engine().delete(new ContainerId("never-was"));
    }

    @Test
    void listsContainersInEveryState() {
        ContainerId fresh = create(sleepForever());
        ContainerId running = run(sleepForever());
        ContainerId stopped = run(exitWith(0));
        awaitExit(stopped);
        assertThat(engine().list()).contains(fresh, running, stopped);
    }

    @Test
    void pausesAndResumes() {
        ContainerId id = run(cat(), true);
        Received received = new Received();
        ProcessStream stream = listen(engine().attach(id), received);
        engine().pause(id);
        assertThat(engine().status(id)).get().isInstanceOf(ContainerStatus.Paused.class);
        assertRefused(Reason.WRONG_STATE, () -> engine().pause(id));
        send(stream, "frozen\n");
        engine().resume(id);
        assertThat(engine().status(id)).get().isInstanceOf(ContainerStatus.Running.class);
        received.awaitStdout("frozen\n");
        assertRefused(Reason.WRONG_STATE, () -> engine().resume(id));
    }

    @Test
    void killsAPausedContainer() {
        ContainerId id = run(sleepForever());
        engine().pause(id);
        assertThat(engine().kill(id).code()).isEqualTo(137);
    }

    @Test
    void changesLimitsOfARunningContainer() {
        ContainerId id = run(sleepForever());
        engine().update(id, new ResourceLimits(500L, 64L << 20, 50L, 200L, null, null));
        assertThat(engine().stats(id).memoryLimitBytes()).isEqualTo(64L << 20);
        assertThat(engine().stats(id).pidsLimit()).isEqualTo(50L);
    }

    // --- what is refused

    @Test
    void refusesACommandThatIsNotThere() {
        ContainerConfig config = config(List.of("/no/such/command"));
        assertRefused(Reason.COMMAND_NOT_FOUND, () -> {
            create(config);
            engine().start(config.id());
        });
    }

    @Test
    void leavesNothingOfAFailedCreate() {
        ContainerConfig config = config(sleepForever());
        ContainerConfig.ProcessConfig process = new ContainerConfig.ProcessConfig(
                config.process().args(), config.process().env(), "/", "no-such-user", false, null);
        assertRefused(Reason.USER_NOT_FOUND, () -> engine().create(with(config, process)));
        assertThat(engine().status(config.id())).isEmpty();
        assertThat(engine().list()).doesNotContain(config.id());
        create(config);
    }

    @Test
    void refusesAnUnknownGroup() {
        ContainerConfig c = config(sleepForever());
        ContainerConfig elsewhere = new ContainerConfig(
                c.id(),
                new GroupId("nowhere"),
                c.layers(),
                c.process(),
                false,
                false,
                "h",
                c.limits(),
                false,
                Map.of(),
                Set.of(),
                Set.of(),
                false,
                c.logSizeBytes());
        assertRefused(Reason.NOT_FOUND, () -> engine().create(elsewhere));
    }

    @Test
    void refusesToRemoveAGroupInUse() {
        create(sleepForever());
        assertRefused(Reason.WRONG_STATE, () -> engine().removeGroup(group));
    }

    @Test
    void doesNotKnowAContainerThatIsNotThere() {
        ContainerId id = new ContainerId("nobody-home");
        ExecId exec = new ExecId("e1");
        assertThat(engine().status(id)).isEmpty();
        assertRefused(Reason.NOT_FOUND, () -> engine().start(id));
        assertRefused(Reason.NOT_FOUND, () -> engine().signal(id, SIGTERM));
        assertRefused(Reason.NOT_FOUND, () -> engine().kill(id));
        assertRefused(Reason.NOT_FOUND, () -> engine().pause(id));
        assertRefused(Reason.NOT_FOUND, () -> engine().resume(id));
        assertRefused(Reason.NOT_FOUND, () -> engine().attach(id));
        assertRefused(Reason.NOT_FOUND, () -> engine().exec(id, exec, process(cat()), true));
        assertRefused(Reason.NOT_FOUND, () -> engine().openSession(id, exec, terminal(cat())));
        assertRefused(Reason.NOT_FOUND, () -> engine().attachSession(id, exec));
        assertRefused(Reason.NOT_FOUND, () -> engine().logs(id, LogReader.Start.BEGINNING));
        assertRefused(Reason.NOT_FOUND, () -> engine().stats(id));
        assertRefused(Reason.NOT_FOUND, () -> engine().processes(id));
        assertRefused(Reason.NOT_FOUND, () -> engine().changes(id, 10));
    }

    @Test
    void runsNothingInAContainerThatDoesNotRun() {
        ContainerId id = run(exitWith(0));
        awaitExit(id);
        assertRefused(Reason.WRONG_STATE, () -> engine().attach(id));
        assertRefused(Reason.WRONG_STATE, () -> engine().pause(id));
        assertRefused(Reason.WRONG_STATE, () -> engine().exec(id, new ExecId("e1"), process(cat()), true));
        assertRefused(Reason.WRONG_STATE, () -> engine().openSession(id, new ExecId("e2"), terminal(cat())));
    }

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

    // --- logs, figures, files

    @Test
    void logsHoldBothStreamsInOrderOfArrival() throws Exception {
        ContainerId id = run(echo("a line"));
        ContainerId err = run(echoToStderr("a complaint"));
        awaitExit(id);
        awaitExit(err);
        assertThat(awaitLog(id, 1)).singleElement().satisfies(e -> {
            assertThat(new String(e.text(), StandardCharsets.UTF_8)).isEqualTo("a line");
            assertThat(e.stream()).isEqualTo(OutputStreamKind.STDOUT);
            assertThat(e.complete()).isTrue();
        });
        assertThat(awaitLog(err, 1))
                .singleElement()
                .satisfies(e -> assertThat(e.stream()).isEqualTo(OutputStreamKind.STDERR));
    }

    @Test
    void logsAreFollowedAndResumedAtACursor() throws Exception {
        ContainerId id = run(cat(), true);
        ProcessStream stream = listen(engine().attach(id), new Received());
        send(stream, "1\n2\n");
        List<LogEntry> both = awaitLog(id, 2);
        LogReader.Start after = new LogReader.Start(both.get(0).cursor(), null, null);
        assertThat(texts(read(after, id, 1))).containsExactly("2");
        assertThat(texts(read(new LogReader.Start(null, null, 1), id, 1))).containsExactly("2");
        try (LogReader reader =
                engine().logs(id, new LogReader.Start(both.get(1).cursor(), null, null))) {
            assertThat(reader.next(10)).isEmpty();
            AtomicInteger called = new AtomicInteger();
            reader.onMore(called::incrementAndGet);
            send(stream, "3\n");
            await().atMost(SOON).until(() -> called.get() > 0);
            List<String> seen = new ArrayList<>();
            await().atMost(SOON).until(() -> {
                seen.addAll(texts(reader.next(10)));
                return !seen.isEmpty();
            });
            assertThat(seen).containsExactly("3");
        }
    }

    @Test
    void countsWhatAContainerAndItsGroupUse() {
        ContainerId id = run(sleepForever());
        // runc's own threads count until the last of them has become the container's process
        await().untilAsserted(() -> assertThat(engine().stats(id).pids()).isEqualTo(1));
        assertThat(engine().stats(id).memoryBytes()).isPositive();
        assertThat(engine().groupStats(group).pids()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void metersARunFromItsBeginningToItsEnd() {
        List<MeterReading> last = new CopyOnWriteArrayList<>();
        ContainerId id = run(sleepForever());
        engine().onLastReading(reading -> {
            if (reading.container().equals(id)) {
                last.add(reading);
            }
        });
        MeterReading running = meter(id);
        assertThat(running.last()).isFalse();
        assertThat(running.group()).isEqualTo(group);
        assertThat(running.cpuNanos()).isPositive();
        assertThat(running.memoryBytes()).isPositive();
        assertThat(running.startedAt()).isBeforeOrEqualTo(running.at());
        engine().kill(id);
        await().until(() -> last.size() == 1);
        assertThat(last.get(0).last()).isTrue();
        assertThat(last.get(0).run()).isEqualTo(running.run());
        assertThat(last.get(0).cpuNanos()).isGreaterThanOrEqualTo(running.cpuNanos());
        assertThat(engine().meters()).noneMatch(reading -> reading.container().equals(id));
        engine().delete(id);
        assertThat(last).hasSize(1);
    }

    @Test
    void metersEachRunAnew() {
        List<MeterReading> last = new CopyOnWriteArrayList<>();
        ContainerConfig config = config(exitWith(0));
        create(config);
        engine().start(config.id());
        awaitExit(config.id());
        engine().recreate(config);
        engine().start(config.id());
        awaitExit(config.id());
        // those that ended before anybody listened are told as well
        engine().onLastReading(last::add);
        await().until(() -> last.stream()
                        .filter(reading -> reading.container().equals(config.id()))
                        .map(MeterReading::run)
                        .distinct()
                        .count()
                == 2);
    }

    private MeterReading meter(ContainerId id) {
        return engine().meters().stream()
                .filter(reading -> reading.container().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void showsProcessesAsTheContainerSeesThem() {
        ContainerId id = run(sleepForever());
        assertThat(engine().processes(id)).isNotEmpty().anySatisfy(p -> {
            assertThat(p.pid()).isEqualTo(1);
            assertThat(p.uid()).isZero();
            assertThat(p.command()).isNotBlank();
        });
    }

    @Test
    void showsWhatAContainerChanged() {
        ContainerId id = run(touch("/made-here"));
        awaitExit(id);
        assertThat(engine().changes(id, 1000)).contains(new FileChange("/made-here", FileChange.Kind.ADDED));
    }

    @Test
    void measuresTheDiskOfContainersInEveryStateUntilTheyAreDeleted() {
        ContainerId id = run(touch("/made-here"));
        awaitExit(id);
        DiskReading stopped = engine().disk(id, 1000, () -> {});
        assertThat(stopped.container()).isEqualTo(id);
        assertThat(stopped.group()).isEqualTo(group);
        assertThat(stopped.size().bytes()).isNotNegative();
        assertThat(stopped.size().complete()).isTrue();
        engine().disk(run(sleepForever()), 1000, () -> {});
        engine().delete(id);
        assertThatThrownBy(() -> engine().disk(id, 1000, () -> {}))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(EngineException.Reason.NOT_FOUND));
    }

    // --- tools for tests, of subclasses too

    protected final ContainerConfig config(List<String> args) {
        return config(args, false);
    }

    protected final ContainerConfig config(List<String> args, boolean stdin) {
        ContainerId id = new ContainerId("c" + NUMBER.incrementAndGet() + "-" + group);
        return new ContainerConfig(
                id,
                group,
                layers(),
                process(args),
                stdin,
                false,
                "test",
                ResourceLimits.UNLIMITED,
                false,
                Map.of(),
                Set.of(),
                Set.of(),
                false,
                1 << 20);
    }

    protected static ContainerConfig with(ContainerConfig c, List<String> args) {
        return with(c, process(args));
    }

    protected static ContainerConfig with(ContainerConfig c, ContainerConfig.ProcessConfig process) {
        return new ContainerConfig(
                c.id(),
                c.group(),
                c.layers(),
                process,
                c.stdin(),
                c.stdinOnce(),
                c.hostname(),
                c.limits(),
                c.readOnlyRootfs(),
                c.tmpfs(),
                c.addCapabilities(),
                c.dropCapabilities(),
                c.init(),
                c.logSizeBytes());
    }

    protected static List<String> env() {
        return List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    }

    protected static ContainerConfig.ProcessConfig process(List<String> args) {
        return new ContainerConfig.ProcessConfig(args, env(), "/", null, false, null);
    }

    protected static ContainerConfig.ProcessConfig terminal(List<String> args) {
        return new ContainerConfig.ProcessConfig(args, env(), "/", null, true, null);
    }

    protected final CreatedContainer create(ContainerConfig config) {
        made.add(config.id());
        return engine().create(config);
    }

    protected final ContainerId create(List<String> args) {
        ContainerConfig config = config(args);
        create(config);
        return config.id();
    }

    protected final ContainerId run(List<String> args) {
        return run(args, false);
    }

    protected final ContainerId run(List<String> args, boolean stdin) {
        ContainerConfig config = config(args, stdin);
        create(config);
        engine().start(config.id());
        return config.id();
    }

    protected final ExecProcess exec(ContainerId id, List<String> args, boolean stdin, Received received) {
        ExecProcess exec = engine().exec(id, new ExecId("e" + NUMBER.incrementAndGet()), process(args), stdin);
        listen(exec, received);
        return exec;
    }

    protected final <S extends ProcessStream> S listen(S stream, Received received) {
        opened.add(stream);
        stream.listen(0, received);
        return stream;
    }

    protected static void send(ProcessStream stream, String text) {
        CompletionStage<Void> sent = stream.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        sent.toCompletableFuture().orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
    }

    protected static Exit exitOf(ProcessStream stream) throws Exception {
        return stream.exit().toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    protected final Exit awaitExit(ContainerId id) {
        await().atMost(SOON).until(() -> engine().status(id).orElseThrow() instanceof ContainerStatus.Stopped);
        return ((ContainerStatus.Stopped) engine().status(id).orElseThrow()).exit();
    }

    private List<LogEntry> awaitLog(ContainerId id, int lines) throws Exception {
        return read(LogReader.Start.BEGINNING, id, lines);
    }

    private List<LogEntry> read(LogReader.Start start, ContainerId id, int lines) throws Exception {
        List<LogEntry> all = new ArrayList<>();
        try (LogReader reader = engine().logs(id, start)) {
            await().atMost(SOON).until(() -> {
                all.addAll(reader.next(100));
                return all.size() >= lines;
            });
        }
        return all;
    }

    private static List<String> texts(List<LogEntry> entries) {
        return entries.stream()
                .map(e -> new String(e.text(), StandardCharsets.UTF_8))
                .toList();
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

    protected static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
