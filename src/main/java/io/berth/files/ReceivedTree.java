package io.berth.files;

import io.berth.engine.FilePath;
import io.berth.engine.FileTree;
import io.berth.images.content.TarEntry;
import io.berth.images.content.TarReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A tar of an unknown hand as a tree: bounded, its names checked, without what a container may not be given. */
final class ReceivedTree implements FileTree {

    private static final int HIGHEST_ID = 65_535;
    private static final int NOBODY = 65_534;
    private static final long LATEST = 0xffff_ffffL; // 2106: what every file system in question can hold
    private static final int BUFFER = 128 << 10;

    private final TarReader tar;
    private final int mostEntries;
    private final long mostBytes;
    private final byte[] buffer = new byte[BUFFER];
    private int entries;
    private int skipped;
    private long bytes;

    ReceivedTree(TarReader tar, int mostEntries, long mostBytes) {
        this.tar = tar;
        this.mostEntries = mostEntries;
        this.mostBytes = mostBytes;
    }

    /** Devices and FIFOs so far. */
    int skipped() {
        return skipped;
    }

    @Override
    public @Nullable Entry next() throws IOException {
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            count();
            Kind kind = kind(entry.type());
            if (kind != null) {
                return entry(entry, kind);
            }
            skipped++;
        }
        return null;
    }

    /** A name of one entry may be two thousand directories deep. */
    @Override
    public void parentMade() {
        count();
    }

    private void count() {
        if (++entries > mostEntries) {
            throw FileErrors.invalidArchive(
                    "the archive has more than " + mostEntries + " entries, with the directories that these lie in");
        }
    }

    private static @Nullable Kind kind(TarEntry.Type type) {
        return switch (type) {
            case FILE -> Kind.FILE;
            case DIRECTORY -> Kind.DIRECTORY;
            case SYMLINK -> Kind.SYMLINK;
            case HARD_LINK -> Kind.HARD_LINK;
            case FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> null;
        };
    }

    private static Entry entry(TarEntry entry, Kind kind) {
        long seconds = Math.max(0, Math.min(LATEST, entry.mtimeSeconds()));
        return new Entry(
                inside(entry.name(), entry),
                kind,
                entry.mode(),
                id(entry.uid()),
                id(entry.gid()),
                entry.size(),
                seconds,
                seconds == entry.mtimeSeconds() ? entry.mtimeNanos() : 0,
                target(entry, kind));
    }

    private static String target(TarEntry entry, Kind kind) {
        if (kind == Kind.HARD_LINK) {
            return inside(entry.linkName(), entry);
        }
        String target = entry.linkName();
        boolean possible = !target.isEmpty()
                && target.indexOf('\0') < 0
                && target.getBytes(StandardCharsets.UTF_8).length <= FilePath.MOST_BYTES;
        if (kind == Kind.SYMLINK && !possible) {
            throw FileErrors.invalidArchive(
                    "the target of the link '" + FileErrors.shorten(entry.name()) + "' is empty or too long");
        }
        return target;
    }

    /** An absolute name is taken as one inside. */
    private static String inside(String name, TarEntry entry) {
        try {
            return FilePath.parse("/" + name).value().substring(1);
        } catch (IllegalArgumentException e) {
            throw FileErrors.invalidArchive("a name of the entry '" + FileErrors.shorten(entry.name()) + "' "
                    + FileErrors.shorten(String.valueOf(e.getMessage())));
        }
    }

    private static int id(long id) {
        return id < 0 || id > HIGHEST_ID ? NOBODY : (int) id;
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
        int count = tar.read(buffer, 0, Math.min(buffer.length, to.remaining()));
        if (count > 0) {
            bytes += count; // the stream's own bound does not see holes
            if (bytes > mostBytes) {
                throw FileErrors.invalidArchive("the archive unpacks to more than " + mostBytes + " bytes");
            }
            to.put(buffer, 0, count);
        }
        return count;
    }

    @Override
    public void close() {
        // the stream is its owner's
    }
}
