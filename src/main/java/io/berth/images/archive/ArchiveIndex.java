package io.berth.images.archive;

import io.berth.images.ImageErrors;
import io.berth.images.content.TarEntry;
import io.berth.images.content.TarFormatException;
import io.berth.images.content.TarReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is where in an uncompressed tar, for reading its files in any order. Only the first
 * {@value #MAX_FILES} files are known, which is more than an archive of an image has.
 */
final class ArchiveIndex {

    private static final int MAX_FILES = 10_000;
    private static final int MAX_LINKS = 8;

    private final Path file;
    private final Map<String, Item> items;
    private final boolean empty;

    private sealed interface Item {}

    private record Content(long offset, long size) implements Item {}

    private record Link(String target) implements Item {}

    private ArchiveIndex(Path file, Map<String, Item> items, boolean empty) {
        this.file = file;
        this.items = items;
        this.empty = empty;
    }

    /** @throws TarFormatException if it is no whole tar */
    static ArchiveIndex of(Path file, InputStream stream, int maxHeaderBytes) throws IOException {
        TarReader reader = new TarReader(stream, maxHeaderBytes, true);
        Map<String, Item> items = new HashMap<>();
        boolean empty = true;
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            empty = false;
            if (items.size() >= MAX_FILES) {
                continue;
            }
            String name = normalise("", entry.name());
            String directory = name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
            switch (entry.type()) {
                case FILE -> {
                    if (!reader.isSparse()) {
                        items.put(name, new Content(reader.position(), entry.size()));
                    }
                }
                // docker save writes a layer it has written before as a link
                case SYMLINK -> items.put(name, new Link(normalise(directory, entry.linkName())));
                case HARD_LINK -> items.put(name, new Link(normalise("", entry.linkName())));
                default -> {}
            }
        }
        return new ArchiveIndex(file, items, empty);
    }

    boolean isEmpty() {
        return empty;
    }

    boolean has(String name) {
        return find(name).isPresent();
    }

    /** Bytes of a file, -1 if there is none. */
    long size(String name) {
        return find(name).map(Content::size).orElse(-1L);
    }

    /** @throws io.berth.common.BerthException INVALID_ARCHIVE if there is no such file */
    InputStream open(String name) throws IOException {
        Content content = find(name).orElseThrow(() -> ImageErrors.invalidArchive("the archive has no file " + name));
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channel.position(content.offset());
        return new Slice(Channels.newInputStream(channel), content.size());
    }

    /** A whole small file. */
    byte[] read(String name, int maxBytes) throws IOException {
        if (size(name) > maxBytes) {
            throw ImageErrors.invalidArchive(name + " in the archive is longer than " + maxBytes + " bytes");
        }
        try (InputStream in = open(name)) {
            return in.readAllBytes();
        }
    }

    private Optional<Content> find(String name) {
        String wanted = normalise("", name);
        for (int hops = 0; hops < MAX_LINKS; hops++) {
            Item item = items.get(wanted);
            if (item instanceof Content content) {
                return Optional.of(content);
            }
            if (!(item instanceof Link link)) {
                return Optional.empty();
            }
            wanted = link.target();
        }
        return Optional.empty();
    }

    /** Resolves names within the archive, where nothing is above its root. */
    private static String normalise(String directory, String name) {
        ArrayDeque<String> parts = new ArrayDeque<>();
        String whole = name.startsWith("/") ? name : directory + "/" + name;
        for (String part : whole.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    /** The next so many bytes of a stream. */
    private static final class Slice extends FilterInputStream {

        private long left;

        Slice(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(buffer, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw new TarFormatException("the archive is cut off");
            }
            left -= n;
            return n;
        }
    }
}
