package io.berth.engine.syscall;

import java.util.Locale;

/** What differs between x86-64 and arm64. System calls since 5.1 have the same number everywhere. */
record Abi(long mknodat, long getdents64, int oDirectory, int oNofollow, int epollEventSize, int epollDataOffset) {

    static final long OPEN_TREE = 428;
    static final long MOVE_MOUNT = 429;
    static final long FSOPEN = 430;
    static final long FSCONFIG = 431;
    static final long FSMOUNT = 432;
    static final long PIDFD_SEND_SIGNAL = 424;
    static final long PIDFD_OPEN = 434;
    static final long OPENAT2 = 437;
    static final long MOUNT_SETATTR = 442;

    /** {@code struct epoll_event} is packed on x86-64 only. */
    static final Abi X86_64 = new Abi(259, 217, 0200000, 0400000, 12, 4);

    static final Abi ARM64 = new Abi(33, 61, 040000, 0100000, 16, 8);

    static final Abi HOST = of(System.getProperty("os.arch", ""));

    static Abi of(String architecture) {
        return switch (architecture.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> ARM64;
            default ->
                throw new UnsupportedOperationException(
                        "Berth runs on x86-64 and arm64 Linux, not on '" + architecture + "'");
        };
    }

    /** From {@link Flags}, which has x86-64's numbers, to this machine's. */
    int openFlags(int flags) {
        int rest = flags & ~(Flags.O_DIRECTORY | Flags.O_NOFOLLOW);
        return rest
                | ((flags & Flags.O_DIRECTORY) != 0 ? oDirectory : 0)
                | ((flags & Flags.O_NOFOLLOW) != 0 ? oNofollow : 0);
    }
}
