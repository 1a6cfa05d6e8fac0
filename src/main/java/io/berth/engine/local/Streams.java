package io.berth.engine.local;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.LogReader;
import io.berth.engine.ProcessStream;
import io.berth.engine.stdio.ConmonStream;
import io.berth.engine.stdio.Connections;
import io.berth.engine.stdio.ContainerLog;
import io.berth.engine.stdio.ContainerLogReader;
import io.berth.engine.stdio.EventLoop;
import io.berth.engine.stdio.LogWatcher;
import io.berth.engine.stdio.TerminalControl;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The logs of containers and sessions, each opened once, and the connections to their processes. */
final class Streams implements AutoCloseable {

    private final Syscalls syscalls;
    private final EventLoop loop;
    private final LogWatcher watcher;
    private final Map<Path, ContainerLog> logs = new ConcurrentHashMap<>();

    Streams(Syscalls syscalls, EventLoop loop) throws IOException {
        this.syscalls = syscalls;
        this.loop = loop;
        this.watcher = new LogWatcher();
    }

    /** Makes a log ready for a process that is about to start. */
    ContainerLog prepareLog(Path directory, long sizeMax) throws IOException {
        ContainerLog log = ContainerLog.prepare(directory, sizeMax);
        logs.put(directory, log);
        watcher.watch(log);
        return log;
    }

    /** The log in this directory, found again after a restart. */
    ContainerLog log(Path directory) throws IOException {
        try {
            return logs.computeIfAbsent(directory, this::open);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private ContainerLog open(Path directory) {
        try {
            ContainerLog log = ContainerLog.open(directory);
            watcher.watch(log);
            return log;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forgetLog(Path directory) {
        ContainerLog log = logs.remove(directory);
        if (log != null) {
            watcher.forget(log);
        }
    }

    LogReader logs(Path directory, LogReader.Start start) throws IOException {
        return new ContainerLogReader(log(directory), watcher, start);
    }

    /**
     * Connects to a monitored process.
     *
     * @param bundle where conmon keeps its attach socket and terminal control
     * @param fresh whether the process has not begun to write yet
     * @throws EngineException {@code BUSY}
     */
    ProcessStream attach(Path bundle, Path logDirectory, Connections connections, boolean fresh) throws IOException {
        try {
            return ConmonStream.connect(syscalls, loop, log(logDirectory), bundle, connections, fresh);
        } catch (ErrnoException e) {
            if (e.is("EAGAIN")) {
                throw new EngineException(Reason.BUSY, "conmon in " + bundle + " is held up by a reader", e);
            }
            throw e;
        }
    }

    /** Of the terminal of a monitored process, which may end. */
    TerminalControl terminal(Path bundle) {
        return TerminalControl.of(syscalls, loop, bundle);
    }

    @Override
    public void close() {
        watcher.close();
    }
}
