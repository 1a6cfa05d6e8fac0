package io.berth.files;

import io.berth.engine.FileTree;
import io.berth.tenants.Slots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A tree as a tar, made as it is read: one header and what the reader takes of one file are all there is in memory. GNU's format,
 * which has room for long names and for bytes that are no text.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">tar header</a>
 */
final class TarStream implements ByteStream {

    private static final int BLOCK = 512;
    private static final int NAME = 100;
    private static final long MOST_OCTAL = 0_77777777777L;
    private static final String LONG_NAME = "././@LongLink";

    private final FileTree tree;
    private final Slots.Slot slot;
    private ByteBuffer ready = ByteBuffer.allocate(0);
    private long data;
    private int padding;
    private boolean ended;

    TarStream(FileTree tree, Slots.Slot slot) {
        this.tree = tree;
        this.slot = slot;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int start = buffer.position();
        while (buffer.hasRemaining() && advance(buffer)) {
            // until it is full or there is no more
        }
        return buffer.position() == start ? -1 : buffer.position() - start;
    }

    private boolean advance(ByteBuffer buffer) throws IOException {
        if (ready.hasRemaining()) {
            int count = Math.min(ready.remaining(), buffer.remaining());
            buffer.put(ready.slice().limit(count));
            ready.position(ready.position() + count);
            return true;
        }
        if (data > 0) {
            int count = tree.read(buffer);
            if (count < 0) {
                throw new IOException("an entry has less data than it says");
            }
            data -= count;
            if (data == 0) {
                ready = ByteBuffer.allocate(padding);
            }
            return true;
        }
        if (ended) {
            return false;
        }
        FileTree.Entry entry = tree.next();
        if (entry == null) {
            ended = true;
            ready = ByteBuffer.allocate(2 * BLOCK);
        } else {
            data = entry.size();
            padding = padding(entry.size());
            ready = ByteBuffer.wrap(header(entry));
        }
        return true;
    }

    private static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    private static byte[] header(FileTree.Entry entry) {
        byte[] name = bytes(entry.kind() == FileTree.Kind.DIRECTORY ? entry.path() + "/" : entry.path());
        byte[] target = bytes(entry.target());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (target.length > NAME) {
            longText(all, 'K', target);
        }
        if (name.length > NAME) {
            longText(all, 'L', name);
        }
        char type = switch (entry.kind()) {
            case FILE -> '0';
            case HARD_LINK -> '1';
            case SYMLINK -> '2';
            case DIRECTORY -> '5';
        };
        all.writeBytes(block(name, type, entry.size(), target, entry));
        return all.toByteArray();
    }

    private static void longText(ByteArrayOutputStream to, char type, byte[] text) {
        to.writeBytes(block(bytes(LONG_NAME), type, text.length + 1L, new byte[0], null));
        to.writeBytes(text);
        to.writeBytes(new byte[1 + padding(text.length + 1L)]);
    }

    private static byte[] block(byte[] name, char type, long size, byte[] target, FileTree.@Nullable Entry entry) {
        byte[] block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, Math.min(name.length, NAME));
        octal(block, 100, 7, entry == null ? 0644 : entry.mode());
        octal(block, 108, 7, entry == null ? 0 : entry.uid());
        octal(block, 116, 7, entry == null ? 0 : entry.gid());
        number(block, 124, size);
        number(block, 136, entry == null ? 0 : entry.mtimeSeconds());
        block[156] = (byte) type;
        System.arraycopy(target, 0, block, 157, Math.min(target.length, NAME));
        put(block, 257, "ustar  \0");
        put(block, 148, "        ");
        int sum = 0;
        for (byte b : block) {
            sum += b & 0xff;
        }
        octal(block, 148, 6, sum);
        block[154] = 0;
        block[155] = ' ';
        return block;
    }

    private static void octal(byte[] block, int at, int digits, long value) {
        put(block, at, String.format(Locale.ROOT, "%0" + digits + "o", value));
    }

    /** Eleven octal digits, or base 256 for what they cannot hold. */
    private static void number(byte[] block, int at, long value) {
        if (value >= 0 && value <= MOST_OCTAL) {
            octal(block, at, 11, value);
            return;
        }
        block[at] = (byte) (value < 0 ? 0xff : 0x80);
        for (int i = 1; i < 12; i++) {
            int shift = 8 * (11 - i);
            block[at + i] = (byte) (shift >= Long.SIZE ? value >> 63 : value >> shift);
        }
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** Names as the kernel has them: a lone surrogate stands for a byte that is no text. */
    private static byte[] bytes(String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        name.codePoints().forEach(c -> {
            if (c >= 0xDC80 && c <= 0xDCFF) {
                bytes.write(c - 0xDC00);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        tree.close();
        slot.close();
    }
}
