package io.berth.engine.snapshot;

import io.berth.engine.syscall.Fd;
import java.util.ArrayList;
import java.util.List;

/** Open directories that are closed together. */
final class OpenDirectories implements AutoCloseable {

    private final List<Fd> open = new ArrayList<>();

    Fd add(Fd directory) {
        open.add(directory);
        return directory;
    }

    List<Fd> all() {
        return List.copyOf(open);
    }

    /** A path of fixed length, free of characters that mean something to mount(2), whatever the directory's own is. */
    static String pathOf(Fd directory) {
        return "/proc/self/fd/" + directory.number();
    }

    @Override
    public void close() {
        open.forEach(Fd::close);
        open.clear();
    }
}
