package io.berth.images.content;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One raw 512-byte header block: ustar, GNU or v7.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">tar header</a>
 */
final class TarHeader {

    static final int BLOCK = 512;

    private static final int SPARSE_IN_HEADER = 4;
    private static final int SPARSE_IN_EXTENSION = 21;

    private final byte[] block;

    private TarHeader(byte[] block) {
        this.block = block;
    }

    static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** @throws TarFormatException if the checksum is wrong: this is no tar header */
    static TarHeader parse(byte[] block) throws TarFormatException {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        TarHeader header = new TarHeader(block);
        long stated;
        try {
            stated = header.number(148, 8, "checksum");
        } catch (TarFormatException e) {
            throw new TarFormatException("not a tar header", e);
        }
        if (stated != unsigned && stated != signed) {
            throw new TarFormatException("not a tar header: wrong checksum");
        }
        return header;
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    String name() throws TarFormatException {
        String name = text(0, 100, "name");
        // GNU headers keep other things where ustar has the prefix
        if (isUstar()) {
            String prefix = text(345, 155, "name");
            return prefix.isEmpty() ? name : prefix + "/" + name;
        }
        return name;
    }

    String linkName() throws TarFormatException {
        return text(157, 100, "link name");
    }

    int mode() throws TarFormatException {
        return (int) (number(100, 8, "mode") & 07777);
    }

    long uid() throws TarFormatException {
        return number(108, 8, "uid");
    }

    long gid() throws TarFormatException {
        return number(116, 8, "gid");
    }

    long size() throws TarFormatException {
        long size = number(124, 12, "size");
        if (size < 0) {
            throw new TarFormatException("negative size in tar header");
        }
        return size;
    }

    long mtime() throws TarFormatException {
        return number(136, 12, "mtime");
    }

    int deviceMajor() throws TarFormatException {
        return (int) number(329, 8, "device number");
    }

    int deviceMinor() throws TarFormatException {
        return (int) number(337, 8, "device number");
    }

    /** Full size of an old GNU sparse file. */
    long sparseRealSize() throws TarFormatException {
        return number(483, 12, "sparse size");
    }

    boolean sparseContinues() {
        return block[482] != 0;
    }

    static boolean sparseExtensionContinues(byte[] extension) {
        return extension[504] != 0;
    }

    List<Long> sparseNumbers() throws TarFormatException {
        return sparseNumbers(block, 386, SPARSE_IN_HEADER);
    }

    static List<Long> sparseExtensionNumbers(byte[] extension) throws TarFormatException {
        return sparseNumbers(extension, 0, SPARSE_IN_EXTENSION);
    }

    private static List<Long> sparseNumbers(byte[] data, int from, int pairs) throws TarFormatException {
        TarHeader fields = new TarHeader(data);
        List<Long> numbers = new ArrayList<>();
        for (int i = 0; i < pairs && data[from + i * 24] != 0; i++) {
            numbers.add(fields.number(from + i * 24, 12, "sparse offset"));
            numbers.add(fields.number(from + i * 24 + 12, 12, "sparse length"));
        }
        return numbers;
    }

    private boolean isUstar() {
        return Arrays.equals(block, 257, 263, new byte[] {'u', 's', 't', 'a', 'r', 0}, 0, 6);
    }

    private String text(int offset, int length, String what) throws TarFormatException {
        int end = offset;
        while (end < offset + length && block[end] != 0) {
            end++;
        }
        return Utf8.decode(block, offset, end - offset, what);
    }

    /** Octal text, or base 256 when the first bit is set (GNU). */
    private long number(int offset, int length, String what) throws TarFormatException {
        if ((block[offset] & 0x80) != 0) {
            return base256(offset, length, what);
        }
        long value = 0;
        boolean any = false;
        for (int i = offset; i < offset + length; i++) {
            int c = block[i];
            if (c >= '0' && c <= '7') {
                value = (value << 3) | (c - '0');
                any = true;
            } else if (c == 0 || (c == ' ' && any)) {
                break;
            } else if (c != ' ') {
                throw new TarFormatException("bad " + what + " in tar header");
            }
        }
        return value;
    }

    private long base256(int offset, int length, String what) throws TarFormatException {
        boolean negative = (block[offset] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = offset; i < offset + length; i++) {
            int b = block[i] & 0xff;
            if (i == offset) {
                b = negative ? b | 0x80 : b & 0x7f;
            }
            if (value != (value << 8) >> 8) {
                throw new TarFormatException(what + " in tar header is too large");
            }
            value = (value << 8) | b;
        }
        return value;
    }
}
