package io.berth.engine.stdio;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The files of one log, and the links that keep conmon's from vanishing. When its log is full, conmon creates or
 * truncates {@code ctr.log.tmp} and renames it over {@code ctr.log}. So there are, besides:
 *
 * <ul>
 *   <li>{@code ctr.log.keep}, a second link to {@code ctr.log}, through which a replaced file is still there;
 *   <li>{@code ctr.log.next}, a second link to an empty {@code ctr.log.tmp} made in advance: conmon takes it for its
 *       next file, which tells one replacement from several, and keeps the next file too if both happen unseen;
 *   <li>{@code ctr.log.1}, the file before.
 * </ul>
 */
record LogFiles(Path directory) {

    Path live() {
        return directory.resolve("ctr.log");
    }

    Path kept() {
        return directory.resolve("ctr.log.keep");
    }

    Path previous() {
        return directory.resolve("ctr.log.1");
    }

    Path offsets() {
        return directory.resolve("offsets");
    }

    private Path next() {
        return directory.resolve("ctr.log.next");
    }

    private Path temporary() {
        return directory.resolve("ctr.log.tmp");
    }

    /** What happened to conmon's file since {@link #kept} was linked. */
    enum Replaced {
        NO,
        ONCE,
        /** More than once: what was written between {@link #previous} and {@link #kept} may be gone. */
        SEVERAL_TIMES
    }

    /** How often conmon has replaced its file since it was linked. */
    Replaced replaced() throws IOException {
        long live = inode(live());
        if (live == inode(kept())) {
            return Replaced.NO;
        }
        return nextWasUsed() && inode(next()) != live ? Replaced.SEVERAL_TIMES : Replaced.ONCE;
    }

    /** Moves the links on by one file. {@link #kept} becomes {@link #previous}; or the file after it, if there is one. */
    void shift(Replaced replaced) throws IOException {
        boolean used = nextWasUsed();
        if (replaced == Replaced.ONCE) {
            Files.move(kept(), previous(), ATOMIC_MOVE);
            if (used) {
                Files.move(next(), kept(), ATOMIC_MOVE);
            }
        } else {
            Files.move(next(), previous(), ATOMIC_MOVE);
            Files.delete(kept());
        }
        linkLive();
        prepareNext();
    }

    /** Sees to it that {@link #kept} is there, after a crash between two steps too. */
    void linkLive() throws IOException {
        if (Files.exists(kept())) {
            return;
        }
        if (nextWasUsed()) {
            Files.move(next(), kept(), ATOMIC_MOVE);
        } else {
            Files.createLink(kept(), live());
        }
    }

    /** Has conmon's next file ready. If conmon is just making it by itself, that one is linked, or none. */
    void prepareNext() throws IOException {
        if (nextWasUsed()) {
            return;
        }
        Files.deleteIfExists(next());
        try {
            createEmpty(temporary());
        } catch (FileAlreadyExistsException e) {
            // conmon's own, or left by a crash before the next line: either is the next file
        }
        try {
            Files.createLink(next(), temporary());
        } catch (NoSuchFileException e) {
            // conmon was quicker; kept is linked to it when the replacement is noticed
        }
    }

    /** Puts an empty file in the place of the present one. Only while no conmon has it open. */
    void replaceLive() throws IOException {
        Files.deleteIfExists(next());
        Files.deleteIfExists(temporary());
        prepareNext();
        Files.move(temporary(), live(), ATOMIC_MOVE);
    }

    /** Creates the first file, or ends a line that a crash of the host cut off. Only while no conmon has it open. */
    void createOrRepair() throws IOException {
        Files.deleteIfExists(next());
        Files.deleteIfExists(temporary());
        if (!Files.exists(live())) {
            Files.deleteIfExists(kept());
            createEmpty(live());
        } else {
            endLastLine();
        }
        linkLive();
        prepareNext();
    }

    private void endLastLine() throws IOException {
        try (FileChannel file = FileChannel.open(live(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            if (file.size() > 0 && file.read(last, file.size() - 1) == 1 && last.get(0) != '\n') {
                file.write(ByteBuffer.wrap(new byte[] {'\n'}), file.size());
            }
        }
    }

    /** A conmon that makes its files in another way leaves the prepared one empty. */
    private boolean nextWasUsed() throws IOException {
        return Files.exists(next()) && (Files.size(next()) > 0 || inode(next()) == inode(live()));
    }

    private static void createEmpty(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    static long inode(Path file) throws IOException {
        return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    }
}
