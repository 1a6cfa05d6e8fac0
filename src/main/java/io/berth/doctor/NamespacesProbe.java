package io.berth.doctor;

import io.berth.common.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Makes one namespace of each kind, for a program that ends at once. See namespaces(7). */
record NamespacesProbe(Path sysctls) implements Probe {

    private static final long ENOUGH = 2000;

    @Override
    public List<Finding> run() throws IOException {
        Subprocess.Result result = Subprocess.run(
                Duration.ofSeconds(5),
                List.of(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--net",
                        "--uts",
                        "--ipc",
                        "--cgroup",
                        "true"));
        String limit =
                Files.readString(sysctls.resolve("user/max_user_namespaces")).strip();
        if (result.exitCode() == 0 && Long.parseLong(limit) < ENOUGH) {
            return List.of(Finding.warn(
                    "namespaces",
                    "at most " + limit + " user namespaces; each tenant and each container may take one",
                    "sysctl user.max_user_namespaces=15000"));
        }
        if (result.exitCode() == 0) {
            return List.of(Finding.ok(
                    "namespaces", "user, mount, pid, net, uts, ipc, cgroup (at most " + limit + " user namespaces)"));
        }
        return List.of(Finding.missing(
                "namespaces",
                result.stderr().strip(),
                limit.equals("0")
                        ? "sysctl user.max_user_namespaces=15000"
                        : "a kernel or a sandbox forbids them: start Berth on the host itself"));
    }
}
