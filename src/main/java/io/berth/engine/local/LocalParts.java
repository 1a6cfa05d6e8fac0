package io.berth.engine.local;

import io.berth.engine.EngineInfo;
import io.berth.engine.bundle.OciConfig;
import io.berth.engine.cgroup.Cgroups;
import io.berth.engine.cgroup.MigrationPrimer;
import io.berth.engine.mount.SharedMounts;
import io.berth.engine.netns.LocalNetworks;
import io.berth.engine.runtime.Conmon;
import io.berth.engine.runtime.OciRuntime;
import io.berth.engine.snapshot.Snapshotter;
import io.berth.engine.stdio.EventLoop;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** What {@link LocalEngine} is put together from. */
record LocalParts(
        Syscalls syscalls,
        EventLoop loop,
        ContainerFiles files,
        Groups groups,
        Cgroups cgroups,
        MigrationPrimer primer,
        LocalNetworks networks,
        Snapshotter snapshotter,
        RuntimeNamespace runtimeNamespace,
        OciRuntime runtime,
        Conmon conmon,
        OciConfig ociConfig,
        Launcher launcher,
        EndWatch watch,
        Pidfds pidfds,
        Streams streams,
        Usage usage,
        Meters meters,
        ProcessTable processTable,
        Path procRoot,
        Supplier<EngineInfo> hostInfo)
        implements AutoCloseable {

    /** Removes what all groups share on the host. */
    void release() throws IOException {
        networks.removeAll();
        cgroups.remove("");
        ReadOnlyProgram.release(syscalls, files.programs());
        RuntimeNamespace.release(syscalls, files.layout());
        Path runDir = files.layout().runDir();
        SharedMounts.release(runDir, syscalls);
        Trees.remove(runDir);
    }

    @Override
    public void close() {
        primer.close();
        networks.close();
        snapshotter.close();
        watch.close();
        streams.close();
        loop.close();
        runtimeNamespace.close();
    }
}
