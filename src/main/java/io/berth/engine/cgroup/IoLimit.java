package io.berth.engine.cgroup;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.ResourceLimits;
import java.util.Optional;

/** What to do about an I/O limit on a host that cannot hold it. */
final class IoLimit {

    /** Of a container by itself, and of a group's together. */
    static final String OF_GROUPS = "groups";

    /** Of a container by itself only: version 1 does not add up what the cgroups below do. */
    static final String OF_CONTAINERS = "containers";

    private IoLimit() {}

    static String feature(Optional<String> device, String controller, boolean offered, String scope) {
        if (device.isEmpty()) {
            return "the data directory is on no block device";
        }
        return offered ? scope : "there is no cgroup controller '" + controller + "'";
    }

    /** A limit that would silently hold nobody is refused; no limit is what the host does anyway. */
    static void refuseIfAsked(ResourceLimits limits, Optional<String> device, String controller) {
        if (limits.ioReadBytesPerSecond() == null && limits.ioWriteBytesPerSecond() == null) {
            return;
        }
        throw new EngineException(
                Reason.HOST_INCOMPLETE,
                device.isEmpty()
                        ? "an I/O limit needs a data directory on a block device: leave ioRead and ioWrite out, or move"
                                + " the data directory to a disk"
                        : "an I/O limit needs the cgroup controller '" + controller
                                + "', which this host does not offer:" + " leave ioRead and ioWrite out");
    }
}
