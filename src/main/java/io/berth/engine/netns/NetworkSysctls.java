package io.berth.engine.netns;

import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Kernel parameters of the containers' network namespaces: every user may ping without a raw socket, and bind ports below
 * 1024, which are the container's own. See ip-sysctl.
 *
 * <p>The runtime could set them, but what a parameter of one namespace is called there, it is called in each, and a proc
 * file system looks for it among all of them that it was ever asked for: beside 500 others that took longer than all else
 * that crun does with files. So it is done by the way, in a proc file system that is soon replaced. Thread-safe.
 */
final class NetworkSysctls implements AutoCloseable {

    /** Ids of a user namespace. */
    private static final int IDS = 65_536;

    private static final int NAMESPACES_PER_FILE_SYSTEM = 32;

    private final Syscalls syscalls;
    private @Nullable Fd proc;
    private int namespaces;

    NetworkSysctls(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** @param firstId the host's id of the namespace's owner */
    synchronized void set(Path namespace, long firstId) throws IOException {
        Fd fileSystem = fileSystem();
        Path ipv4 = Path.of("/proc/self/fd/" + fileSystem.number() + "/sys/net/ipv4");
        syscalls.inNetworkNamespace(namespace, () -> {
            write(ipv4.resolve("ping_group_range"), firstId + " " + (firstId + IDS - 1));
            write(ipv4.resolve("ip_unprivileged_port_start"), "0");
        });
    }

    private Fd fileSystem() throws IOException {
        if (namespaces++ % NAMESPACES_PER_FILE_SYSTEM == 0) {
            close();
        }
        Fd open = proc == null ? syscalls.procFileSystem() : proc;
        proc = open;
        return open;
    }

    private static void write(Path file, String value) throws IOException {
        Files.writeString(file, value, StandardOpenOption.WRITE);
    }

    /** A later call opens it again. */
    @Override
    public synchronized void close() {
        if (proc != null) {
            proc.close();
            proc = null;
        }
    }
}
