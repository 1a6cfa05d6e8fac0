package io.berth.engine;

import io.berth.engine.ContainerConfig.ProcessConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Containers for tests, which say only what matters to them. The rest is the least: no layers, input, limits or privileges. */
public final class ContainerConfigBuilder {

    /** Where the programs of busybox are. */
    private static final List<String> ENV = List.of("PATH=/bin");

    private static final long LOG_SIZE_BYTES = 1 << 20;

    private final ContainerConfig base;
    private GroupId group;
    private List<Path> layers;
    private ProcessConfig process;
    private boolean stdin;
    private boolean readOnlyRootfs;

    private ContainerConfigBuilder(ContainerConfig base) {
        this.base = base;
        group = base.group();
        layers = base.layers();
        process = base.process();
        stdin = base.stdin();
        readOnlyRootfs = base.readOnlyRootfs();
    }

    /** Runs the command as root. */
    public static ContainerConfigBuilder of(ContainerId id, GroupId group, List<String> command) {
        return of(id, group, new ProcessConfig(command, ENV, "/", null, false, null));
    }

    public static ContainerConfigBuilder of(ContainerId id, GroupId group, ProcessConfig process) {
        return from(new ContainerConfig(
                id,
                group,
                List.of(),
                process,
                false,
                false,
                "test",
                ResourceLimits.UNLIMITED,
                false,
                Map.of(),
                Set.of(),
                Set.of(),
                false,
                LOG_SIZE_BYTES));
    }

    /** The same container, to be changed. */
    public static ContainerConfigBuilder from(ContainerConfig config) {
        return new ContainerConfigBuilder(config);
    }

    public ContainerConfigBuilder group(GroupId changed) {
        group = changed;
        return this;
    }

    public ContainerConfigBuilder layers(List<Path> changed) {
        layers = changed;
        return this;
    }

    public ContainerConfigBuilder process(ProcessConfig changed) {
        process = changed;
        return this;
    }

    public ContainerConfigBuilder stdin(boolean changed) {
        stdin = changed;
        return this;
    }

    public ContainerConfigBuilder readOnlyRootfs(boolean changed) {
        readOnlyRootfs = changed;
        return this;
    }

    public ContainerConfig build() {
        return new ContainerConfig(
                base.id(),
                group,
                layers,
                process,
                stdin,
                base.stdinOnce(),
                base.hostname(),
                base.limits(),
                readOnlyRootfs,
                base.tmpfs(),
                base.addCapabilities(),
                base.dropCapabilities(),
                base.init(),
                base.logSizeBytes());
    }
}
