package io.berth.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether the kernel filters system calls, with the actions Berth's filter uses. See seccomp(2). */
record SeccompProbe(Path actions) implements Probe {

    @Override
    public List<Finding> run() throws IOException {
        String available = Files.exists(actions) ? Files.readString(actions).strip() : "";
        return List.of(
                available.contains("errno") && available.contains("allow")
                        ? Finding.ok("seccomp", available)
                        : Finding.missing(
                                "seccomp",
                                "the kernel has no system call filter",
                                "use a kernel with CONFIG_SECCOMP_FILTER, as every distribution's has"));
    }
}
