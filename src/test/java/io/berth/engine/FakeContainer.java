package io.berth.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A container in memory. On the loop only. */
final class FakeContainer implements FakeProcess.Surroundings {

    final FakeLog log = new FakeLog();
    final Map<ExecId, FakeProcess> sessions = new LinkedHashMap<>();
    final Map<ExecId, FakeProcess> execs = new LinkedHashMap<>();
    private final TreeSet<String> touched = new TreeSet<>();

    final FakeFiles files;
    ContainerConfig config;
    ResourceLimits limits;

    @Nullable
    FakeProcess main;

    boolean started;
    boolean paused;
    long diskBytes;
    Instant startedAt = Instant.EPOCH;

    FakeContainer(ContainerConfig config) {
        this.files = new FakeFiles(config.readOnlyRootfs());
        this.config = config;
        this.limits = config.limits();
    }

    FakeProcess process() {
        if (main == null) {
            throw new IllegalStateException("container has no process: " + config.id());
        }
        return main;
    }

    ContainerStatus status() {
        FakeProcess process = process();
        if (process.ended()) {
            return new ContainerStatus.Stopped(process.exit.join());
        }
        if (!started) {
            return new ContainerStatus.Created(process.pid);
        }
        return paused
                ? new ContainerStatus.Paused(process.pid, startedAt)
                : new ContainerStatus.Running(process.pid, startedAt);
    }

    FakeProcess runningProcess() {
        if (!(status() instanceof ContainerStatus.Running)) {
            throw new EngineException(
                    EngineException.Reason.WRONG_STATE, "container " + config.id() + " is not running: " + status());
        }
        return process();
    }

    /** All processes but the main one. */
    List<FakeProcess> others() {
        List<FakeProcess> all = new ArrayList<>(sessions.values());
        all.addAll(execs.values());
        return all;
    }

    List<FakeProcess> living() {
        List<FakeProcess> all = others();
        all.add(process());
        all.removeIf(FakeProcess::ended);
        all.sort(Comparator.comparingInt(p -> p.pid));
        return all;
    }

    List<FileChange> changes(int limit) {
        return touched.stream()
                .limit(limit)
                .map(path -> new FileChange(path, FileChange.Kind.ADDED))
                .toList();
    }

    @Override
    public void wrote(OutputStreamKind kind, byte[] bytes) {
        log.append(kind, bytes);
    }

    @Override
    public void touched(String path) {
        touched.add(path);
    }

    /** For processes whose output is not the container's log. */
    FakeProcess.Surroundings withoutLog() {
        return new FakeProcess.Surroundings() {
            @Override
            public void wrote(OutputStreamKind kind, byte[] bytes) {}

            @Override
            public void touched(String path) {
                touched.add(path);
            }
        };
    }
}
