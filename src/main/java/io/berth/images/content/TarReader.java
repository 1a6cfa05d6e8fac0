package io.berth.images.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar stream of an unknown hand: v7, ustar, PAX and GNU, sparse files of all four kinds expanded. It keeps one
 * entry's headers in memory and bounds them before reading them. Blocks as its stream does; not thread-safe.
 *
 * <p>Why it is our own: see docs/adr/0020-own-tar-reader.md.
 */
public final class TarReader {

    private static final int MAX_HEADERS_PER_ENTRY = 16;
    private static final int MAX_SPARSE_NUMBERS = 200_000;

    private final InputStream in;
    private final int maxHeaderBytes;
    private final boolean endMarkerRequired;
    private long position;
    private long stored; // bytes of the present entry's data not read yet
    private long padding;
    private @Nullable SparseReader sparse;
    private boolean ended;

    /**
     * @param maxHeaderBytes bound of one PAX or GNU extension header
     * @param endMarkerRequired false if the stream's digest tells its end, because some writers leave the marker out
     */
    public TarReader(InputStream in, int maxHeaderBytes, boolean endMarkerRequired) {
        this.in = in;
        this.maxHeaderBytes = maxHeaderBytes;
        this.endMarkerRequired = endMarkerRequired;
    }

    /**
     * Skips what is left of the present entry and reads the next one's headers.
     *
     * @return {@code null} at the end
     * @throws TarFormatException if this is no tar, or it ends too early
     */
    public @Nullable TarEntry next() throws IOException {
        PaxRecords pax = new PaxRecords();
        String longName = null;
        String longLink = null;
        for (int headers = 0; headers < MAX_HEADERS_PER_ENTRY; headers++) {
            TarHeader header = nextHeader();
            if (header == null) {
                return null;
            }
            switch (header.type()) {
                case 'x', 'X' -> pax = PaxRecords.parse(extension(header));
                case 'g' -> extension(header);
                case 'L' -> longName = longText(header, "long name");
                case 'K' -> longLink = longText(header, "long link name");
                case 'V' -> begin(header.size(), header.size());
                default -> {
                    return entry(header, pax, longName, longLink);
                }
            }
        }
        throw new TarFormatException("more than " + MAX_HEADERS_PER_ENTRY + " extension headers before one entry");
    }

    /** Reads data of the present entry; -1 at its end. Holes read as zeros. */
    public int read(byte[] buffer, int offset, int length) throws IOException {
        SparseReader expanding = sparse;
        return expanding == null ? readStored(buffer, offset, length) : expanding.read(buffer, offset, length);
    }

    /** Where in the stream the next unread byte of the present entry's data is. */
    public long position() {
        return position;
    }

    /** Whether the present entry's data is not stored as it is. */
    public boolean isSparse() {
        return sparse != null;
    }

    /** What is left of the present entry, as a stream; closing it does nothing. */
    public InputStream data() {
        return new InputStream() {
            private final byte[] one = new byte[1];

            @Override
            public int read() throws IOException {
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                return TarReader.this.read(buffer, offset, length);
            }
        };
    }

    private TarEntry entry(TarHeader header, PaxRecords pax, @Nullable String longName, @Nullable String longLink)
            throws IOException {
        long storedSize = pax.number("size", header.size());
        char typeFlag = header.type();
        String name = firstOf(pax.text("path"), longName, header.name());
        TarEntry.Type type = type(typeFlag, name);
        if (type == TarEntry.Type.FILE || typeFlag == 'D') {
            begin(storedSize, storedSize);
        } else {
            // links and devices have no data, though some writers state a size for hard links
            begin(0, 0);
        }
        SparseMap map = type == TarEntry.Type.FILE ? sparseMap(header, pax) : null;
        sparse = map == null ? null : new SparseReader(map);
        if (map != null) {
            name = firstOf(pax.text("GNU.sparse.name"), name, name);
        }
        String mtime = pax.text("mtime");
        long[] time = mtime == null ? new long[] {header.mtime(), 0} : time(mtime);
        boolean device = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
        return new TarEntry(
                name,
                type,
                header.mode(),
                pax.number("uid", header.uid()),
                pax.number("gid", header.gid()),
                map == null ? stored : map.realSize(),
                time[0],
                (int) time[1],
                firstOf(pax.text("linkpath"), longLink, header.linkName()),
                device ? header.deviceMajor() : 0,
                device ? header.deviceMinor() : 0,
                pax.xattrs());
    }

    private static TarEntry.Type type(char flag, String name) throws TarFormatException {
        return switch (flag) {
            case '0', '\0', '7', 'S' -> name.endsWith("/") ? TarEntry.Type.DIRECTORY : TarEntry.Type.FILE;
            case '1' -> TarEntry.Type.HARD_LINK;
            case '2' -> TarEntry.Type.SYMLINK;
            case '3' -> TarEntry.Type.CHARACTER_DEVICE;
            case '4' -> TarEntry.Type.BLOCK_DEVICE;
            case '5', 'D' -> TarEntry.Type.DIRECTORY;
            case '6' -> TarEntry.Type.FIFO;
            default ->
                throw new TarFormatException("entry " + Utf8.printable(name) + " has the unknown type "
                        + (flag >= ' ' && flag < 127 ? "'" + flag + "'" : "0x" + Integer.toHexString(flag)));
        };
    }

    private @Nullable SparseMap sparseMap(TarHeader header, PaxRecords pax) throws IOException {
        if (header.type() == 'S') {
            List<Long> numbers = new ArrayList<>(header.sparseNumbers());
            boolean more = header.sparseContinues();
            while (more) {
                // these blocks lie between header and data and are not part of the size
                byte[] extension = block();
                numbers.addAll(TarHeader.sparseExtensionNumbers(extension));
                more = TarHeader.sparseExtensionContinues(extension);
                checkCount(numbers.size());
            }
            return SparseMap.of(numbers, header.sparseRealSize(), stored);
        }
        if ("1".equals(pax.text("GNU.sparse.major"))) {
            return SparseMap.of(mapInData(), pax.number("GNU.sparse.realsize", 0), stored);
        }
        String map = pax.text("GNU.sparse.map");
        if (map != null) {
            List<Long> numbers = new ArrayList<>();
            for (String number : map.split(",", -1)) {
                numbers.add(decimal(number));
                checkCount(numbers.size());
            }
            return SparseMap.of(numbers, pax.number("GNU.sparse.size", 0), stored);
        }
        if (pax.text("GNU.sparse.numblocks") != null) {
            // version 0.0 repeats keys within one header; GNU tar has not written it since 2004
            throw new TarFormatException("sparse format 0.0 is not supported: write the archive without --sparse");
        }
        return null;
    }

    /** Sparse format 1.0: decimal numbers, one a line, in the first blocks of the data. */
    private List<Long> mapInData() throws IOException {
        List<Long> numbers = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        byte[] buffer = new byte[TarHeader.BLOCK];
        long wanted = -1;
        while (wanted < 0 || numbers.size() < wanted) {
            if (stored < TarHeader.BLOCK) {
                throw new TarFormatException("malformed sparse file: its map is cut off");
            }
            readFully(buffer);
            stored -= TarHeader.BLOCK;
            for (int i = 0; i < buffer.length && (wanted < 0 || numbers.size() < wanted); i++) {
                if (buffer[i] != '\n') {
                    line.append((char) buffer[i]);
                    continue;
                }
                long number = decimal(line.toString());
                line.setLength(0);
                if (wanted < 0) {
                    wanted = number > MAX_SPARSE_NUMBERS ? Integer.MAX_VALUE : number * 2;
                } else {
                    numbers.add(number);
                }
                checkCount(wanted);
            }
            if (line.length() > 32) {
                throw new TarFormatException("malformed sparse file: its map is not made of numbers");
            }
        }
        return numbers;
    }

    private static void checkCount(long numbers) throws TarFormatException {
        if (numbers > MAX_SPARSE_NUMBERS) {
            throw new TarFormatException("sparse file with more than " + MAX_SPARSE_NUMBERS / 2 + " segments");
        }
    }

    private static long decimal(String text) throws TarFormatException {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new TarFormatException("malformed number in tar header: " + Utf8.printable(text));
    }

    private static long[] time(String text) throws TarFormatException {
        int dot = text.indexOf('.');
        String whole = dot < 0 ? text : text.substring(0, dot);
        String fraction = dot < 0 ? "" : text.substring(dot + 1);
        try {
            long seconds = Long.parseLong(whole);
            String nanos = (fraction + "000000000").substring(0, 9);
            long n = Long.parseLong(nanos);
            boolean negative = whole.startsWith("-") && n > 0;
            return negative ? new long[] {seconds - 1, 1_000_000_000 - n} : new long[] {seconds, Math.max(0, n)};
        } catch (NumberFormatException e) {
            throw new TarFormatException("PAX mtime is not a time: " + Utf8.printable(text), e);
        }
    }

    private byte[] extension(TarHeader header) throws IOException {
        long size = header.size();
        if (size > maxHeaderBytes) {
            throw new TarFormatException(
                    "extension header of " + size + " bytes; at most " + maxHeaderBytes + " are read");
        }
        begin(size, size);
        byte[] data = new byte[(int) size];
        readFully(data);
        stored = 0;
        return data;
    }

    private String longText(TarHeader header, String what) throws IOException {
        byte[] data = extension(header);
        int end = 0;
        while (end < data.length && data[end] != 0) {
            end++;
        }
        return Utf8.decode(data, 0, end, what);
    }

    private void begin(long size, long paddedSize) {
        stored = size;
        padding = (TarHeader.BLOCK - paddedSize % TarHeader.BLOCK) % TarHeader.BLOCK;
        sparse = null;
    }

    private @Nullable TarHeader nextHeader() throws IOException {
        if (ended) {
            return null;
        }
        skip(stored);
        skip(padding);
        stored = 0;
        padding = 0;
        sparse = null;
        byte[] block = new byte[TarHeader.BLOCK];
        int n = readNBytes(block);
        position += n;
        if (n > 0 && n < TarHeader.BLOCK || n == 0 && endMarkerRequired) {
            throw truncated(null);
        }
        if (TarHeader.isZero(block)) {
            ended = true;
            return null;
        }
        return TarHeader.parse(block);
    }

    private int readStored(byte[] buffer, int offset, int length) throws IOException {
        if (stored == 0) {
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, stored));
        if (n < 0) {
            throw truncated(null);
        }
        stored -= n;
        position += n;
        return n;
    }

    private byte[] block() throws IOException {
        byte[] block = new byte[TarHeader.BLOCK];
        readFully(block);
        return block;
    }

    private void readFully(byte[] data) throws IOException {
        int n = readNBytes(data);
        position += n;
        if (n < data.length) {
            throw truncated(null);
        }
    }

    private int readNBytes(byte[] data) throws IOException {
        try {
            return in.readNBytes(data, 0, data.length);
        } catch (EOFException e) {
            throw truncated(e);
        }
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (EOFException e) {
            throw truncated(e);
        }
        position += count;
    }

    private TarFormatException truncated(@Nullable EOFException cause) {
        String message = "the archive is cut off after " + position + " bytes";
        return cause == null ? new TarFormatException(message) : new TarFormatException(message, cause);
    }

    private static String firstOf(@Nullable String first, @Nullable String second, String third) {
        return first != null ? first : second != null ? second : third;
    }

    /** Puts the holes back. */
    private final class SparseReader {

        private final SparseMap map;
        private int segment;
        private long at;

        SparseReader(SparseMap map) {
            this.map = map;
        }

        int read(byte[] buffer, int offset, int length) throws IOException {
            while (segment < map.segments().size()) {
                SparseMap.Segment present = map.segments().get(segment);
                if (at < present.offset()) {
                    return zeros(buffer, offset, Math.min(length, present.offset() - at));
                }
                long left = present.offset() + present.length() - at;
                if (left > 0) {
                    int n = readStored(buffer, offset, (int) Math.min(length, left));
                    at += n;
                    return n;
                }
                segment++;
            }
            return at < map.realSize() ? zeros(buffer, offset, Math.min(length, map.realSize() - at)) : -1;
        }

        private int zeros(byte[] buffer, int offset, long count) {
            Arrays.fill(buffer, offset, offset + (int) count, (byte) 0);
            at += count;
            return (int) count;
        }
    }
}
