package io.berth.engine;

import java.nio.file.Path;

/**
 * Where an instance of Berth keeps what on the host. Two instances with different data directories do not get in each other's
 * way: names of cgroups, bridges, tables and run directories carry {@link #instance}.
 *
 * @param dataDir survives reboots
 * @param runDir is gone after a reboot: {@code /run/berth/<instance>}; short, because unix socket paths are
 * @param instance 6 hexadecimal digits, made with the data directory and kept in it
 */
public record HostLayout(Path dataDir, Path runDir, String instance) {

    public Path blobs() {
        return dataDir.resolve("content/blobs/sha256");
    }

    public Path layers() {
        return dataDir.resolve("content/layers");
    }

    /** Writable layer, bundle, log and sessions of each container, in a directory of its id. */
    public Path containers() {
        return dataDir.resolve("containers");
    }

    public Path groups() {
        return dataDir.resolve("groups");
    }

    /** Where the root file system of each container that runs is mounted. */
    public Path rootfs() {
        return runDir.resolve("rootfs");
    }

    /** Where the runtime finds what it makes a container of, while it does. */
    public Path staging() {
        return runDir.resolve("staging");
    }

    /** What nothing is in, ever: what containers see of what they shall not see. */
    public Path empty() {
        return runDir.resolve("empty");
    }

    /** Where network namespaces are pinned. */
    public Path networkNamespaces() {
        return runDir.resolve("netns");
    }

    /** Name of the root of this instance's cgroup subtree, below each hierarchy's root. */
    public String cgroupRoot() {
        return "berth-" + instance;
    }
}
