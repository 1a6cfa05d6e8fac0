package io.berth.engine.stdio;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pipes between the server and a child: all of them or, on failure, none. Ours do not block. */
final class ChildPipes implements AutoCloseable {

    private final List<Fd> child = new ArrayList<>();
    private final List<Fd> ours = new ArrayList<>();
    private @Nullable Fd stdin;

    private ChildPipes() {}

    static ChildPipes open(Syscalls syscalls, boolean stdin, int bytes) throws ErrnoException {
        ChildPipes pipes = new ChildPipes();
        try {
            // stdout and stderr first: childEnds and the accessors go by this order
            pipes.add(syscalls, syscalls.pipe(), 0, bytes);
            pipes.add(syscalls, syscalls.pipe(), 0, bytes);
            if (stdin) {
                pipes.stdin = pipes.add(syscalls, syscalls.pipe(), 1, bytes);
            }
            return pipes;
        } catch (ErrnoException | RuntimeException e) {
            pipes.close();
            throw e;
        }
    }

    private Fd add(Syscalls syscalls, Fd[] pipe, int own, int bytes) throws ErrnoException {
        Fd mine = pipe[own];
        ours.add(mine);
        child.add(pipe[1 - own]);
        syscalls.setNonBlocking(mine, true);
        syscalls.setPipeSize(mine, bytes);
        return mine;
    }

    Map<Integer, Fd> childEnds() {
        return stdin == null
                ? Map.of(1, child.get(0), 2, child.get(1))
                : Map.of(0, child.get(2), 1, child.get(0), 2, child.get(1));
    }

    @Nullable
    Fd stdin() {
        return stdin;
    }

    Fd stdout() {
        return ours.get(0);
    }

    Fd stderr() {
        return ours.get(1);
    }

    /** To be called once the child has them, or the end of its output would never be seen. */
    void closeChildEnds() {
        child.forEach(Fd::close);
    }

    @Override
    public void close() {
        closeChildEnds();
        ours.forEach(Fd::close);
    }
}
