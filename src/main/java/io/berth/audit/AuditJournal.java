package io.berth.audit;

import io.berth.common.Directories;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is not in the database yet, in files that outlive the server and the machine's power. Appends are short writes to the
 * page cache; one thread at a time forces them to disk and changes segments. All but {@link #force} want the owner's lock.
 */
final class AuditJournal implements AutoCloseable {

    private static final String PREFIX = "journal-";
    private static final String SPARE = "spare";

    private final Path directory;
    private long number;
    private volatile Segment segment;
    private long appended;

    /**
     * What an earlier server left.
     *
     * @param open begun and not ended, by id
     * @param ended and perhaps not in the database
     * @param head the last that is known to be in the database, {@code null} if none is
     */
    record Leftover(
            Map<String, AuditEntry> open,
            List<AuditEntry> ended,
            @Nullable ChainHead head,
            int damaged) {}

    private AuditJournal(Path directory, long number, Segment segment) {
        this.directory = directory;
        this.number = number;
        this.segment = segment;
    }

    /** Begins a new segment beside those of an earlier server, which the first {@link #dropOld} removes. */
    static AuditJournal open(Path directory) throws IOException {
        Directories.create(directory, "rwx------");
        long last = segments(directory).keySet().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        return new AuditJournal(directory, last + 1, Segment.create(directory.resolve(PREFIX + (last + 1))));
    }

    /** Reads what is there; nothing if there is no such directory. */
    static Leftover read(Path directory) throws IOException {
        Map<String, AuditEntry> open = new LinkedHashMap<>();
        Map<String, AuditEntry> ended = new LinkedHashMap<>();
        ChainHead head = null;
        int damaged = 0;
        for (Path file : segments(directory).values()) {
            Segment.Contents contents = Segment.read(file);
            damaged += contents.damaged();
            for (JournalRecord line : contents.records()) {
                if (line instanceof JournalRecord.Begun begun) {
                    open.put(begun.entry().id(), begun.entry());
                } else if (line instanceof JournalRecord.Ended over) {
                    ended.put(over.entry().id(), over.entry());
                } else if (line instanceof JournalRecord.Head known) {
                    head = ChainHead.parse(known.head());
                }
            }
        }
        open.keySet().removeAll(ended.keySet());
        return new Leftover(open, List.copyOf(ended.values()), head, damaged);
    }

    void append(JournalRecord line) throws IOException {
        appended++;
        segment.append(line.line());
    }

    /** How many there have been, those that failed among them, which the next segment gets. */
    long appended() {
        return appended;
    }

    /** Blocks until what was appended before is on disk. Does not want the lock. */
    void force() throws IOException {
        segment.force();
    }

    boolean isFull() {
        return segment.isFull();
    }

    /** A segment to go on with. Blocks for the disk; does not want the lock. */
    Segment prepare() throws IOException {
        Path file = directory.resolve(PREFIX + (number + 1));
        Path spare = directory.resolve(SPARE);
        if (Files.exists(spare)) {
            Files.move(spare, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return Segment.prepared(file);
        }
        return Segment.create(file);
    }

    /** Sees to it that there is a segment to go on with though the disk be full. Blocks for the disk. */
    void keepSpare() throws IOException {
        Path spare = directory.resolve(SPARE);
        if (!Files.exists(spare)) {
            Path unfinished = directory.resolve(SPARE + ".new");
            Segment.create(unfinished).close();
            Files.move(unfinished, spare, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Goes on in a prepared segment, into which goes all that is still of use. */
    void change(Segment next, Collection<? extends JournalRecord> stillOfUse) throws IOException {
        Segment old = segment;
        for (JournalRecord line : stillOfUse) {
            next.append(line.line());
        }
        next.beginHere();
        segment = next;
        number++;
        old.close();
    }

    /**
     * Removes the segments before the present one, which must have been forced. One of them becomes the spare, which needs no room that
     * is not there already.
     */
    void dropOld() throws IOException {
        Path spare = directory.resolve(SPARE);
        for (Path file : segments(directory).values()) {
            if (file.equals(segment.file())) {
                continue;
            }
            if (Files.exists(spare)) {
                Files.delete(file);
            } else {
                Path unfinished = directory.resolve(SPARE + ".new");
                Files.move(file, unfinished, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                Segment.clear(unfinished);
                Files.move(unfinished, spare, StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static TreeMap<Long, Path> segments(Path directory) throws IOException {
        TreeMap<Long, Path> segments = new TreeMap<>();
        if (!Files.isDirectory(directory)) {
            return segments;
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PREFIX + "*")) {
            found.forEach(files::add);
        }
        for (Path file : files) {
            String suffix = String.valueOf(file.getFileName()).substring(PREFIX.length());
            if (suffix.matches("\\d{1,18}")) {
                segments.put(Long.parseLong(suffix), file);
            }
        }
        return segments;
    }

    @Override
    public void close() throws IOException {
        segment.close();
    }
}
