package io.berth.engine.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs of a few system calls for x86-64, smaller than a libc: one with zeros for arguments that exits with its errno. */
final class RawSyscall {

    private static final long BASE = 0x400000;
    private static final int HEADERS = 64 + 56;

    private RawSyscall() {}

    static void write(Path program, int number) throws IOException {
        ByteBuffer code = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        code.put((byte) 0xB8).putInt(number); // mov eax, number
        code.put(new byte[] {0x0F, 0x05}); // syscall
        code.put(new byte[] {(byte) 0xF7, (byte) 0xD8}); // neg eax
        code.put(new byte[] {(byte) 0x89, (byte) 0xC7}); // mov edi, eax
        code.put((byte) 0xB8).putInt(60); // mov eax, exit
        code.put(new byte[] {0x0F, 0x05}); // syscall
        write(program, Arrays.copyOf(code.array(), code.position()));
    }

    /** See elf(5). */
    static void write(Path program, byte[] code) throws IOException {
        long size = HEADERS + code.length;
        ByteBuffer file = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        file.putShort((short) 2).putShort((short) 62).putInt(1);
        file.putLong(BASE + HEADERS).putLong(64).putLong(0);
        file.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        file.putInt(1).putInt(5).putLong(0).putLong(BASE).putLong(BASE);
        file.putLong(size).putLong(size).putLong(0x1000);
        file.put(code);
        Files.createDirectories(program.getParent());
        Files.write(program, file.array());
        if (!program.toFile().setExecutable(true, false)) {
            throw new IOException("could not make " + program + " executable");
        }
    }
}
