package io.berth.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the machine that runs the tests has. */
final class Host {

    private Host() {}

    static boolean isRoot() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** A version 2 tree of its own or, on a hybrid host, one without controllers. */
    static boolean hasCgroupV2() {
        return Stream.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
                .anyMatch(root -> Files.exists(Path.of(root, "cgroup.procs"))
                        && Files.exists(Path.of(root, "cgroup.subtree_control")));
    }

    static boolean hasProgram(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }
}
