package io.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.EngineException.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How containers of every {@link ContainerEngine} are made and end, and what is refused. */
public abstract class LifecycleContract extends EngineUnderTest {

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
        for (ContainerId id : inEveryState()) {
            engine().delete(id);
            assertThat(engine().status(id)).isEmpty();
            assertThat(engine().list()).doesNotContain(id);
            engine().delete(id);
        }
        engine().delete(new ContainerId("never-was"));
    }

    @Test
    void listsContainersInEveryState() {
        List<ContainerId> ids = inEveryState();
        assertThat(engine().list()).containsAll(ids);
    }

    /** One that is not started yet, one that runs, and one that has ended. */
    private List<ContainerId> inEveryState() {
        ContainerId fresh = create(sleepForever());
        ContainerId running = run(sleepForever());
        ContainerId stopped = run(exitWith(0));
        awaitExit(stopped);
        return List.of(fresh, running, stopped);
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
        assertRefused(
                Reason.USER_NOT_FOUND,
                () -> engine().create(ContainerConfigBuilder.from(config)
                        .process(process)
                        .build()));
        assertThat(engine().status(config.id())).isEmpty();
        assertThat(engine().list()).doesNotContain(config.id());
        create(config);
    }

    @Test
    void refusesAnUnknownGroup() {
        ContainerConfig c = config(sleepForever());
        ContainerConfig elsewhere =
                ContainerConfigBuilder.from(c).group(new GroupId("nowhere")).build();
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
}
