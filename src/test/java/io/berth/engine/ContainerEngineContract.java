package io.berth.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ContainerEngine} does: lifecycle, streams, and here logs, figures and files. A subclass gives the engine and its
 * commands.
 */
public abstract class ContainerEngineContract extends StreamsContract {

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
}
