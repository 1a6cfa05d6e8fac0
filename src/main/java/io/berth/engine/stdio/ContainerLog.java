package io.berth.engine.stdio;

import io.berth.engine.stdio.LogFiles.Replaced;
import io.berth.engine.stdio.OffsetIndex.Mark;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The log directory of a container or a session: what conmon writes there, bounded to two files, and the offset of every
 * byte in the stream since the process started. Thread-safe.
 *
 * <p>conmon replaces its file when it is full ({@code --log-size-max}). {@link #rotate}, called whenever that may have
 * happened, keeps the replaced file until the next replacement. Offsets stay exact across replacements and restarts of
 * the server, as long as no two replacements go unseen; else they stay monotonic and the gap is reported as lost.
 *
 * @see LogFiles how a replaced file is kept
 */
public final class ContainerLog {

    private final LogFiles files;
    private @Nullable Generation previous;
    private OffsetIndex previousIndex = new OffsetIndex();
    private Generation current;
    private OffsetIndex currentIndex = new OffsetIndex();

    private ContainerLog(LogFiles files, @Nullable Generation previous, Generation current) {
        this.files = files;
        this.previous = previous;
        this.current = current;
    }

    /**
     * Makes the directory ready for a process that is about to start; its first byte gets the offset 0. What an earlier
     * process wrote stays readable.
     *
     * @param sizeMax what conmon gets as {@code --log-size-max}; it does not count what is in the file already, so a file
     *     that is half full is put aside
     * @throws IllegalArgumentException if the path holds a colon, which conmon takes for the end of a driver's name
     */
    public static ContainerLog prepare(Path directory, long sizeMax) throws IOException {
        if (directory.toString().indexOf(':') >= 0) {
            throw new IllegalArgumentException("conmon cannot log to a path with a colon: " + directory);
        }
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        LogFiles files = new LogFiles(directory);
        ContainerLog log;
        if (Files.exists(files.live())) {
            log = open(directory);
            files.createOrRepair();
            if (Files.size(files.live()) > sizeMax / 2) {
                files.replaceLive();
                log.rotate();
            }
        } else {
            files.createOrRepair();
            log = new ContainerLog(files, null, new Generation(1, LogFiles.inode(files.kept()), 0, true));
        }
        log.startAtZero();
        return log;
    }

    /**
     * Takes over the log of a process that was started before, running or not.
     *
     * @throws IOException if there is no log in the directory, or it cannot be read
     */
    public static ContainerLog open(Path directory) throws IOException {
        LogFiles files = new LogFiles(directory);
        files.linkLive();
        files.prepareNext();
        ContainerLog log = restore(files);
        log.rotate();
        return log;
    }

    private static ContainerLog restore(LogFiles files) throws IOException {
        long kept = LogFiles.inode(files.kept());
        OffsetsFile known = OffsetsFile.read(files.offsets()).orElse(null);
        long before = Files.exists(files.previous()) ? LogFiles.inode(files.previous()) : 0;
        if (known != null && known.current().inode() == kept) {
            Generation previous = known.previous();
            boolean there = previous != null && previous.inode() == before;
            return new ContainerLog(files, there ? previous : null, known.current());
        }
        boolean shifted = known != null && known.current().inode() == before;
        if (known == null || !shifted) {
            // the offsets are gone; sequence numbers must not come twice, as cursors hold them
            long unused = System.currentTimeMillis();
            return new ContainerLog(files, null, new Generation(unused, kept, 0, false));
        }
        // the server ended between moving the links and writing the offsets
        ContainerLog log = new ContainerLog(files, null, known.current());
        log.advance(kept, 1);
        return log;
    }

    /** What conmon gets as {@code --log-path}. */
    public String driverArgument() {
        return "k8s-file:" + files.live();
    }

    public Path directory() {
        return files.directory();
    }

    /**
     * Looks whether conmon has replaced its file, and if so keeps the replaced one. Cheap if it has not.
     *
     * @return whether it has
     */
    public synchronized boolean rotate() throws IOException {
        if (LogFiles.inode(files.live()) == current.inode()) {
            return false; // the second link to it keeps this number from being given to another
        }
        Replaced replaced = files.replaced();
        if (replaced == Replaced.NO) {
            return false;
        }
        if (replaced == Replaced.SEVERAL_TIMES) {
            // the kept file is about to go; the one after it takes its place
            long start = current.start() + countKept();
            files.shift(replaced);
            current = new Generation(current.sequence() + 1, LogFiles.inode(files.previous()), start, true);
            currentIndex = new OffsetIndex();
        } else {
            files.shift(replaced);
        }
        advance(LogFiles.inode(files.kept()), replaced == Replaced.ONCE ? 1 : 2);
        return true;
    }

    private long countKept() throws IOException {
        try (FileChannel file = FileChannel.open(files.kept())) {
            return currentIndex.countTo(file).content();
        }
    }

    /** Enters a new current generation; the one that was current is now in the file {@code ctr.log.1}. */
    private synchronized void advance(long inode, int replacements) throws IOException {
        long end;
        try (FileChannel file = FileChannel.open(files.previous())) {
            end = current.start() + currentIndex.countTo(file).content();
        }
        previous = current;
        previousIndex = currentIndex;
        boolean exact = replacements == 1;
        // at least a byte was lost if anything was; that makes the gap visible
        current = new Generation(current.sequence() + replacements, inode, exact ? end : end + 1, exact);
        currentIndex = new OffsetIndex();
        save();
    }

    private synchronized void startAtZero() throws IOException {
        long length;
        try (FileChannel file = FileChannel.open(files.kept())) {
            length = currentIndex.countTo(file).content();
        }
        if (previous != null) {
            previous = previous.startingAt(previous.start() - current.start() - length);
        }
        current = current.startingAt(-length);
        save();
    }

    private void save() throws IOException {
        new OffsetsFile(previous, current).write(files.offsets());
    }

    /** The generations that can be read, oldest first. */
    synchronized List<Generation> generations() {
        List<Generation> all = new ArrayList<>(2);
        if (previous != null) {
            all.add(previous);
        }
        all.add(current);
        return all;
    }

    /** The oldest readable generation whose sequence number is higher; {@code null} if there is none. */
    synchronized @Nullable Generation after(long sequence) {
        if (previous != null && previous.sequence() > sequence) {
            return previous;
        }
        return current.sequence() > sequence ? current : null;
    }

    /** Opens a generation's file; {@code null} if it is gone. */
    synchronized @Nullable FileChannel openFile(long sequence) throws IOException {
        try {
            if (sequence == current.sequence()) {
                return FileChannel.open(files.kept(), StandardOpenOption.READ);
            }
            if (previous != null && sequence == previous.sequence()) {
                return FileChannel.open(files.previous(), StandardOpenOption.READ);
            }
        } catch (NoSuchFileException e) {
            if (sequence == current.sequence()) {
                throw e;
            }
        }
        return null;
    }

    /** Size of a generation's file; 0 if it is gone. */
    synchronized long size(long sequence) throws IOException {
        try (FileChannel file = openFile(sequence)) {
            return file == null ? 0 : file.size();
        }
    }

    /** Saves counting again what a reader has read from the generation. */
    synchronized void learn(long sequence, long position, long content) {
        if (sequence == current.sequence()) {
            currentIndex.learn(new Mark(position, content));
        }
    }

    /**
     * Where the log ends.
     *
     * @param sequence of the generation
     * @param offset after the last byte that is logged
     */
    record End(long sequence, long offset) {}

    /** Where the log ends now. Reads what was not counted before. */
    synchronized End endNow() throws IOException {
        long offset = end();
        return new End(current.sequence(), offset);
    }

    /** Offset after the last byte that is logged. Reads what was not counted before. */
    public synchronized long end() throws IOException {
        rotate();
        return current.start() + countKept();
    }

    /**
     * A place in the log.
     *
     * @param position of a line's first byte
     * @param offset that this line's content begins at
     */
    record Place(Generation generation, long position, long offset) {}

    /** The line that holds the byte at this offset, or the nearest that there is. Reads what was not counted before. */
    synchronized Place placeOf(long offset) throws IOException {
        long end = end();
        if (offset >= current.start() || previous == null) {
            return placeIn(current, currentIndex, Math.min(Math.max(offset, current.start()), end));
        }
        return placeIn(previous, previousIndex, Math.max(offset, previous.start()));
    }

    private Place placeIn(Generation generation, OffsetIndex index, long offset) throws IOException {
        try (FileChannel file = openFile(generation.sequence())) {
            if (file == null) {
                throw new IOException("log file " + generation.sequence() + " is not in " + files.directory());
            }
            index.countTo(file);
            Mark mark = index.lineAt(file, offset - generation.start());
            return new Place(generation, mark.position(), generation.start() + mark.content());
        }
    }

    Path liveFile() {
        return files.live();
    }
}
