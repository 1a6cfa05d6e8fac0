package io.berth.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Memory of processes by proportional share (PSS): what is shared counts once among those that share it. And what the kernel
 * holds for itself: a container's namespaces, mounts, cgroups and network are nowhere in its processes.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_meminfo.5.html">proc_meminfo(5)</a>
 */
final class Memory {

    private static final Set<String> KERNEL = Set.of("SUnreclaim", "KernelStack", "PageTables", "Percpu");
    private static final Path STATE = Path.of("/run/berth");

    private Memory() {}

    /** Megabytes of the processes that belong to an instance's containers: theirs, and their monitors. */
    static double ofContainers(Path dataDir) throws IOException {
        String instance = Files.readString(dataDir.resolve("instance")).strip();
        List<String> places = List.of(dataDir + "/", STATE.resolve(instance) + "/");
        double sum = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (belongs(process, places, instance)) {
                    sum += pss(process);
                }
            }
        }
        return sum;
    }

    /** Megabytes that the kernel of this host holds and cannot give back; of all that runs on it, so a difference tells. */
    static double ofKernel() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.map(line -> line.split(":\\s*"))
                            .filter(field -> KERNEL.contains(field[0]))
                            .mapToLong(field -> Long.parseLong(field[1].replaceAll("[^0-9]", "")))
                            .sum()
                    / 1024.0;
        }
    }

    static double of(long pid) {
        return pss(Path.of("/proc", Long.toString(pid)));
    }

    private static boolean belongs(Path process, List<String> places, String instance) {
        try {
            if (Files.readString(process.resolve("cgroup")).contains("berth-" + instance)) {
                return true;
            }
            Set<String> arguments = Stream.of(
                            Files.readString(process.resolve("cmdline")).split("\0"))
                    .collect(Collectors.toSet());
            return arguments.stream().anyMatch(argument -> argument.endsWith("conmon"))
                    && arguments.stream().anyMatch(argument -> places.stream().anyMatch(argument::startsWith));
        } catch (IOException ended) {
            return false;
        }
    }

    private static double pss(Path process) {
        try (Stream<String> lines = Files.lines(process.resolve("smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .sum()
                    / 1024.0;
        } catch (IOException | UncheckedIOException ended) {
            return 0;
        }
    }
}
