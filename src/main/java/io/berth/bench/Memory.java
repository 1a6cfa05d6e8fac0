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
        return sum(process -> belongs(process, places, instance));
    }

    /** The same of Docker's containers: their processes have their ids in their cgroups, their monitors among their arguments. */
    static double ofDockerContainers(List<String> ids) throws IOException {
        return sum(process -> {
            String cgroup = Files.readString(process.resolve("cgroup"));
            Set<String> arguments = arguments(process);
            return ids.stream().anyMatch(id -> cgroup.contains(id) || arguments.contains(id));
        });
    }

    /** Megabytes of the processes that run one of these programs. */
    static double ofPrograms(Set<String> names) throws IOException {
        return sum(process ->
                names.contains(Files.readString(process.resolve("comm")).strip()));
    }

    private interface Filter {
        boolean accepts(Path process) throws IOException;
    }

    private static double sum(Filter filter) throws IOException {
        double sum = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (isAccepted(filter, process)) {
                    sum += pss(process);
                }
            }
        }
        return sum;
    }

    private static boolean isAccepted(Filter filter, Path process) {
        try {
            return filter.accepts(process);
        } catch (IOException ended) {
            return false;
        }
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

    private static boolean belongs(Path process, List<String> places, String instance) throws IOException {
        if (Files.readString(process.resolve("cgroup")).contains("berth-" + instance)) {
            return true;
        }
        Set<String> arguments = arguments(process);
        return arguments.stream().anyMatch(argument -> argument.endsWith("conmon"))
                && arguments.stream().anyMatch(argument -> places.stream().anyMatch(argument::startsWith));
    }

    private static Set<String> arguments(Path process) throws IOException {
        return Stream.of(Files.readString(process.resolve("cmdline")).split("\0"))
                .collect(Collectors.toSet());
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
