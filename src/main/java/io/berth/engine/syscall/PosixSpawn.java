package io.berth.engine.syscall;

import static io.berth.engine.syscall.LibC.C;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Starts programs by posix_spawn(3), which neither copies the JVM's page tables nor runs Java code in the child. */
final class PosixSpawn {

    private static final int FLAG_SETSIGDEF = 0x04;
    private static final int FLAG_SETSIGMASK = 0x08;
    private static final int FLAG_SETSID = 0x80;
    private static final short FLAGS = FLAG_SETSIGDEF | FLAG_SETSIGMASK | FLAG_SETSID;

    private static final int ENOENT = 2;
    private static final int E2BIG = 7;
    private static final int ENOMEM = 12;

    /** The kernel takes a quarter of the stack's limit, 2 MiB by default; half of that is plenty. */
    private static final int MOST_ARGUMENT_BYTES = 1 << 20;

    private static final int HIGHEST_CHILD_DESCRIPTOR = 1023;

    /** posix_spawn_file_actions_t has 80 bytes, posix_spawnattr_t 336, sigset_t 128. */
    private static final int ACTIONS = 0;

    private static final int ATTRIBUTES = 256;
    private static final int SIGNALS = 1024;
    private static final int ARGUMENTS = 1280;

    private static final byte[] DEV_NULL = {'/', 'd', 'e', 'v', '/', 'n', 'u', 'l', 'l', 0};
    private static final List<Path> DIRECTORIES = List.of(
            Path.of("/usr/local/sbin"),
            Path.of("/usr/local/bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/sbin"),
            Path.of("/bin"));

    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    private volatile boolean hasCloseFrom = true;

    int spawn(List<String> command, Map<String, String> environment, Path directory, Map<Integer, Fd> descriptors)
            throws ErrnoException {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command is wanted");
        }
        String what = "posix_spawn(" + command.get(0) + ")";
        byte[] program = CString.encode(resolve(command.get(0), what));
        List<byte[]> arguments = new ArrayList<>();
        for (String argument : command) {
            arguments.add(CString.encode(argument));
        }
        List<byte[]> variables = new ArrayList<>();
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            variables.add(CString.encode(variable.getKey() + "=" + variable.getValue()));
        }
        DescriptorPlan plan = plan(descriptors);

        ByteBuffer memory =
                ByteBuffer.allocateDirect(size(arguments, variables, what)).order(ByteOrder.nativeOrder());
        long base = MEMORY.getDirectBufferAddress(memory);
        long argv = base + ARGUMENTS;
        memory.position(ARGUMENTS + Long.BYTES * (arguments.size() + variables.size() + 2));
        int next = pointers(memory, base, ARGUMENTS, arguments);
        long environ = base + next;
        pointers(memory, base, next, variables);

        int[] pid = new int[1];
        throwIf(C.posix_spawn_file_actions_init(base + ACTIONS), what);
        try {
            throwIf(C.posix_spawnattr_init(base + ATTRIBUTES), what);
            try {
                throwIf(
                        C.posix_spawn_file_actions_addchdir_np(base + ACTIONS, CString.encode(directory.toString())),
                        what);
                actions(plan, base + ACTIONS, what);
                attributes(base, what);
                throwIf(C.posix_spawn(pid, program, base + ACTIONS, base + ATTRIBUTES, argv, environ), what);
            } finally {
                C.posix_spawnattr_destroy(base + ATTRIBUTES);
            }
        } finally {
            C.posix_spawn_file_actions_destroy(base + ACTIONS);
            // its memory must not be freed before that, whatever failed
            java.lang.ref.Reference.reachabilityFence(memory);
        }
        return pid[0];
    }

    private static String resolve(String program, String what) throws ErrnoException {
        if (program.startsWith("/")) {
            return program;
        }
        if (program.isEmpty() || program.indexOf('/') >= 0 || program.indexOf('\0') >= 0) {
            throw Errors.invalid(what, "an absolute path or a bare name is wanted");
        }
        for (Path directory : DIRECTORIES) {
            Path candidate = directory.resolve(program);
            if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                return candidate.toString();
            }
        }
        throw Errors.exception(what, ENOENT);
    }

    private static DescriptorPlan plan(Map<Integer, Fd> descriptors) {
        Map<Integer, Integer> sources = new TreeMap<>();
        descriptors.forEach((target, fd) -> {
            if (target < 0 || target > HIGHEST_CHILD_DESCRIPTOR) {
                throw new IllegalArgumentException("a descriptor of a child must be 0-1023: " + target);
            }
            sources.put(target, fd.number());
        });
        return DescriptorPlan.of(sources);
    }

    private static int size(List<byte[]> arguments, List<byte[]> variables, String what) throws ErrnoException {
        long size = (long) ARGUMENTS + Long.BYTES * (arguments.size() + variables.size() + 2);
        for (byte[] argument : arguments) {
            size += argument.length;
        }
        for (byte[] variable : variables) {
            size += variable.length;
        }
        if (size > MOST_ARGUMENT_BYTES) {
            throw Errors.exception(what, E2BIG);
        }
        return (int) size;
    }

    /** Appends the strings to the buffer, and their addresses and a null at {@code at}. Returns the place after it. */
    private static int pointers(ByteBuffer memory, long base, int at, List<byte[]> strings) {
        int place = at;
        for (byte[] string : strings) {
            memory.putLong(place, base + memory.position());
            memory.put(string);
            place += Long.BYTES;
        }
        memory.putLong(place, 0);
        return place + Long.BYTES;
    }

    private static void attributes(long base, String what) throws ErrnoException {
        C.sigemptyset(base + SIGNALS);
        throwIf(C.posix_spawnattr_setsigmask(base + ATTRIBUTES, base + SIGNALS), what);
        C.sigfillset(base + SIGNALS);
        throwIf(C.posix_spawnattr_setsigdefault(base + ATTRIBUTES, base + SIGNALS), what);
        throwIf(C.posix_spawnattr_setflags(base + ATTRIBUTES, FLAGS), what);
    }

    private void actions(DescriptorPlan plan, long actions, String what) throws ErrnoException {
        for (DescriptorPlan.Copy copy : plan.copies()) {
            // glibc clears close-on-exec when both are the same
            throwIf(C.posix_spawn_file_actions_adddup2(actions, copy.from(), copy.to()), what);
        }
        for (int number : plan.devNull()) {
            throwIf(C.posix_spawn_file_actions_addopen(actions, number, DEV_NULL, Flags.O_RDWR, 0), what);
        }
        for (int number : plan.closed()) {
            throwIf(C.posix_spawn_file_actions_addclose(actions, number), what);
        }
        closeFrom(plan.closeFrom(), actions, what);
    }

    /** Not every descriptor of the JVM is close-on-exec: NIO's sockets and files are not. */
    private void closeFrom(int from, long actions, String what) throws ErrnoException {
        if (hasCloseFrom) {
            try {
                throwIf(C.posix_spawn_file_actions_addclosefrom_np(actions, from), what);
                return;
            } catch (UnsatisfiedLinkError olderGlibc) {
                hasCloseFrom = false;
            }
        }
        String[] open = new java.io.File("/proc/self/fd").list();
        for (String number : open == null ? new String[0] : open) {
            if (Integer.parseInt(number) >= from) {
                throwIf(C.posix_spawn_file_actions_addclose(actions, Integer.parseInt(number)), what);
            }
        }
    }

    /** These functions return the error number. */
    private static void throwIf(int error, String what) throws ErrnoException {
        if (error == ENOMEM) {
            throw new ErrnoException(what, "ENOMEM", "no memory for a new process");
        }
        if (error != 0) {
            throw Errors.exception(what, error);
        }
    }
}
