package io.berth.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Looks into a program. See elf(5). */
public final class ElfFile {

    private static final int HEADER = 64;
    private static final int PT_INTERP = 3;
    private static final int MAX_PROGRAM_HEADERS = 256;

    private ElfFile() {}

    /** Whether it is a 64-bit program that needs no interpreter, and so no library. */
    public static boolean isStatic(Path program) throws IOException {
        try (FileChannel channel = FileChannel.open(program)) {
            ByteBuffer header = read(channel, 0, HEADER);
            boolean elf64 = header.remaining() == HEADER
                    && header.getInt(0) == 0x464c457f // "\x7fELF"
                    && header.get(4) == 2
                    && header.get(5) == 1;
            if (!elf64) {
                return false;
            }
            long offset = header.getLong(32);
            int size = header.getShort(54) & 0xffff;
            int count = header.getShort(56) & 0xffff;
            if (size < 4 || count > MAX_PROGRAM_HEADERS || offset < 0) {
                return false;
            }
            ByteBuffer programHeaders = read(channel, offset, size * count);
            for (int at = 0; at + size <= programHeaders.limit(); at += size) {
                if (programHeaders.getInt(at) == PT_INTERP) {
                    return false;
                }
            }
            return true;
        }
    }

    private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
            // until it is full or the file ends
        }
        return buffer.flip();
    }
}
