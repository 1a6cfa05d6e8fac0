package io.berth.engine.local;

import io.berth.engine.netns.Networks.Sandbox;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The {@code hosts}, {@code hostname} and {@code resolv.conf} of a container, mounted over its image's own. Root in the
 * container owns them and may edit them.
 */
final class EtcFiles {

    private final Syscalls syscalls;
    private final List<String> resolvers;

    EtcFiles(Syscalls syscalls, List<String> resolvers) {
        this.syscalls = syscalls;
        this.resolvers = List.copyOf(resolvers);
    }

    /** @param owner host id of the container's root */
    void write(Path directory, String hostname, Sandbox sandbox, int owner) throws IOException {
        Files.createDirectories(directory);
        put(directory, "hosts", hosts(hostname, sandbox.ipAddress()), owner);
        put(directory, "hostname", hostname + "\n", owner);
        put(directory, "resolv.conf", resolvConf(), owner);
    }

    private static String hosts(String hostname, String address) {
        return "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n" + address + "\t" + hostname + "\n";
    }

    private String resolvConf() {
        StringBuilder text = new StringBuilder();
        resolvers.forEach(
                resolver -> text.append("nameserver ").append(resolver).append('\n'));
        return text.toString();
    }

    private void put(Path directory, String name, String text, int owner) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer left = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        try (Fd fd = syscalls.open(directory.resolve(name), Flags.O_WRONLY | Flags.O_CREAT | Flags.O_TRUNC, 0644)) {
            while (left.hasRemaining()) {
                int unused = syscalls.write(fd, left);
            }
            syscalls.fchmod(fd, 0644);
            syscalls.fchown(fd, owner, owner);
        }
    }
}
