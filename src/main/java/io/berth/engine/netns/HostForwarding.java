package io.berth.engine.netns;

import io.berth.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The host's switch for passing packets between devices, without which containers reach nothing outside. */
final class HostForwarding {

    private HostForwarding() {}

    /**
     * Turns it on if it is off. It stays on.
     *
     * @param file {@code /proc/sys/net/ipv4/ip_forward}
     * @throws EngineException {@code HOST_INCOMPLETE} if that is not permitted
     */
    static void ensure(Path file) {
        try {
            if (!Files.readString(file).strip().equals("1")) {
                Files.writeString(file, "1\n");
            }
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Reason.HOST_INCOMPLETE,
                    "the host does not forward packets, and " + file
                            + " cannot be written: run sysctl -w net.ipv4.ip_forward=1",
                    e);
        }
    }
}
