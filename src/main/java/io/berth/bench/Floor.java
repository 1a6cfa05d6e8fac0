package io.berth.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.berth.common.Directories;
import io.berth.common.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The bare runtime: {@code crun run} of a program that ends at once, without network, user namespace, or monitor. */
final class Floor {

    /**
     * The script is fixed; how often, and where, are passed beside it. crun refuses hosts with both cgroup versions
     * unless it cannot see the second, so the loop runs in a mount namespace of its own. It prints nanoseconds.
     */
    private static final String LOOP = """
            umount /sys/fs/cgroup/unified 2>/dev/null
            i=0
            while [ $i -le "$0" ]; do
                date +%s%N
                crun --root "$1/state" --cgroup-manager=disabled run --bundle "$1" "berth-bench-$$-$i" || exit 1
                i=$((i + 1))
            done
            """;

    private Floor() {}

    static Samples crunRun(int runs) throws IOException {
        Path bundle = Files.createTempDirectory("berth-floor");
        try {
            Path bin = Files.createDirectories(bundle.resolve("rootfs/bin"));
            for (String directory : List.of("proc", "dev", "sys")) {
                Files.createDirectory(bundle.resolve("rootfs").resolve(directory));
            }
            Files.copy(busybox(), bin.resolve("true"));
            Subprocess.run(Duration.ofSeconds(10), List.of("crun", "spec", "--bundle", bundle.toString()))
                    .orThrow();
            edit(bundle.resolve("config.json"));
            String printed = Subprocess.run(
                            Duration.ofMinutes(2),
                            List.of("unshare", "--mount", "sh", "-c", LOOP, Integer.toString(runs), bundle.toString()))
                    .orThrow()
                    .stdout();
            long[] stamps = printed.lines().mapToLong(Long::parseLong).toArray();
            double[] millis = new double[runs];
            for (int i = 0; i < runs; i++) {
                millis[i] = (stamps[i + 1] - stamps[i]) / 1e6;
            }
            return new Samples(millis);
        } finally {
            Directories.deleteRecursively(bundle);
        }
    }

    private static Path busybox() throws IOException {
        for (String place : List.of("/bin/busybox", "/usr/bin/busybox")) {
            if (Files.isExecutable(Path.of(place))) {
                return Path.of(place).toRealPath();
            }
        }
        throw new IOException("no busybox: install the package busybox-static");
    }

    private static void edit(Path file) throws IOException {
        ObjectMapper json = new ObjectMapper();
        ObjectNode config = (ObjectNode) json.readTree(file.toFile());
        ObjectNode process = (ObjectNode) config.get("process");
        process.put("terminal", false);
        ((ArrayNode) process.putArray("args")).add("/bin/true");
        process.remove("rlimits"); // may be above what this process may set
        json.writeValue(file.toFile(), config);
    }
}
