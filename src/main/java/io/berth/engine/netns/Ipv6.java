package io.berth.engine.netns;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the host's kernel has IPv6. With {@code ipv6.disable=1} it refuses whatever a device is told of it. */
final class Ipv6 {

    private static final Path ADDRESSES = Path.of("/proc/net/if_inet6");

    private Ipv6() {}

    static boolean isThere() {
        return Files.exists(ADDRESSES);
    }
}
