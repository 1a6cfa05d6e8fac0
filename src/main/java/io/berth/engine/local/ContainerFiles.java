package io.berth.engine.local;

import io.berth.engine.ContainerId;
import io.berth.engine.ExecId;
import io.berth.engine.HostLayout;
import java.nio.file.Path;

/** Where the engine keeps what of each container: what lasts in the data directory, what runs in the run directory. */
record ContainerFiles(HostLayout layout) {

    Path home(ContainerId container) {
        return layout.containers().resolve(container.value());
    }

    Path record(ContainerId container) {
        return home(container).resolve("container.json");
    }

    Path exitRecord(ContainerId container) {
        return home(container).resolve("exit.json");
    }

    Path log(ContainerId container) {
        return home(container).resolve("log");
    }

    Path etc(ContainerId container) {
        return home(container).resolve("etc");
    }

    Path sessions(ContainerId container) {
        return home(container).resolve("sessions");
    }

    Path session(ContainerId container, ExecId exec) {
        return sessions(container).resolve(exec.value());
    }

    /** The bundle: there as long as the container is created or running. */
    Path bundle(ContainerId container) {
        return bundles().resolve(container.value());
    }

    Path bundles() {
        return layout.runDir().resolve("c");
    }

    Path pidFile(ContainerId container) {
        return bundle(container).resolve("pid");
    }

    Path startedMark(ContainerId container) {
        return bundle(container).resolve("started");
    }

    Path sessionBundle(ContainerId container, ExecId exec) {
        return bundle(container).resolve("s").resolve(exec.value());
    }

    /** A process object, a pid file and a log for each exec on plain pipes, as long as it runs. */
    Path execs(ContainerId container) {
        return bundle(container).resolve("e");
    }

    /** The OCI runtime's own state. */
    Path runtimeState() {
        return layout.runDir().resolve("oci");
    }

    /** Read-only mounts of what containers are started with. */
    Path programs() {
        return layout.runDir().resolve("bin");
    }
}
