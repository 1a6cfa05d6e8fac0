package io.berth.engine.cgroup;

import io.berth.engine.EngineException;
import io.berth.engine.HostLayout;
import io.berth.engine.mount.MountTable;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Finds out which cgroup version the host has. */
public final class CgroupsFactory {

    private CgroupsFactory() {}

    /**
     * Cgroups of an instance, for the version that this host mounts. Makes nothing yet.
     *
     * @param layout its data directory must exist: the I/O limits are for the disk under it
     * @throws EngineException {@code HOST_INCOMPLETE} if controllers that Berth needs are not mounted
     */
    public static Cgroups detect(HostLayout layout, Syscalls syscalls) throws IOException {
        MountTable mounts = MountTable.read();
        return of(
                CgroupMounts.of(mounts),
                layout.cgroupRoot(),
                BlockDevice.under(layout.dataDir(), mounts, Path.of("/sys")),
                syscalls);
    }

    static Cgroups of(CgroupMounts mounts, String rootName, Optional<String> device, Syscalls syscalls) {
        return mounts.mode() == CgroupMode.V2
                ? new UnifiedCgroups(mounts.unified().orElseThrow().mountPoint(), rootName, device, syscalls)
                : new LegacyCgroups(mounts, rootName, device, syscalls);
    }
}
