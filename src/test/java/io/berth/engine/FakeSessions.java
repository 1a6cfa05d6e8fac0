package io.berth.engine;

import io.berth.engine.EngineException.Reason;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The sessions of one container, ended ones until they are removed. On the loop only. */
final class FakeSessions {

    private final ContainerId container;
    private final Map<ExecId, FakeProcess> sessions = new LinkedHashMap<>();

    FakeSessions(ContainerId container) {
        this.container = container;
    }

    /** Starts a process on a terminal of its own, with a stream that misses none of its output. */
    FakeStream open(
            ExecId exec,
            ContainerConfig.ProcessConfig config,
            FakeProcessTable processes,
            FakeProcess.Surroundings surroundings) {
        if (sessions.containsKey(exec)) {
            throw new EngineException(Reason.WRONG_STATE, "session exists: " + exec);
        }
        var onTerminal = new ContainerConfig.ProcessConfig(
                config.args(), config.env(), config.workingDir(), config.user(), true, config.terminalSize());
        FakeProcess process = processes.spawn(onTerminal, false, surroundings);
        sessions.put(exec, process);
        FakeStream stream = process.connect();
        process.start();
        return stream;
    }

    FakeProcess get(ExecId exec) {
        FakeProcess session = sessions.get(exec);
        if (session == null) {
            throw new EngineException(Reason.NOT_FOUND, "no session " + exec + " of container " + container);
        }
        return session;
    }

    List<SessionStatus> list() {
        return sessions.entrySet().stream()
                .map(session -> status(session.getKey(), session.getValue()))
                .toList();
    }

    private static SessionStatus status(ExecId exec, FakeProcess process) {
        return new SessionStatus(exec, process.args, process.startedAt, process.ended() ? process.exit.join() : null);
    }

    /** Forgets one that has ended; one that is not there is no error. */
    void remove(ExecId exec) {
        FakeProcess process = sessions.get(exec);
        if (process != null && !process.ended()) {
            throw new EngineException(Reason.WRONG_STATE, "session runs: " + exec);
        }
        sessions.remove(exec);
    }

    Collection<FakeProcess> processes() {
        return sessions.values();
    }
}
