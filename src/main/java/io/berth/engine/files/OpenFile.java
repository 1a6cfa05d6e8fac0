package io.berth.engine.files;

import io.berth.engine.FileContent;
import io.berth.engine.FileInfo;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.nio.ByteBuffer;

/** A file by its descriptor. Its methods exclude each other, so that no read can meet a number that is another file's by then. */
final class OpenFile implements FileContent {

    private final Syscalls syscalls;
    private final Fd file;
    private final FileInfo info;
    private final String path;

    OpenFile(Syscalls syscalls, Fd file, FileInfo info, String path) {
        this.syscalls = syscalls;
        this.file = file;
        this.info = info;
        this.path = path;
    }

    @Override
    public FileInfo info() {
        return info;
    }

    @Override
    public synchronized int read(long offset, ByteBuffer buffer) {
        try {
            return syscalls.pread(file, buffer, offset);
        } catch (ErrnoException e) {
            throw FileFailures.translate(path, e);
        }
    }

    @Override
    public synchronized void close() {
        file.close();
    }
}
