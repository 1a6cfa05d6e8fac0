package io.berth.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Memory of processes by proportional share (PSS): what is shared counts once among those that share it. */
final class Memory {

    private Memory() {}

    /** Megabytes of the processes that belong to an instance's containers: theirs, and their monitors. */
    static double ofContainers(Path dataDir) throws IOException {
        String instance = Files.readString(dataDir.resolve("instance")).strip();
        double sum = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (belongs(process, dataDir, instance)) {
                    sum += pss(process);
                }
            }
        }
        return sum;
    }

    static double of(long pid) {
        return pss(Path.of("/proc", Long.toString(pid)));
    }

    private static boolean belongs(Path process, Path dataDir, String instance) {
        try {
            if (Files.readString(process.resolve("cgroup")).contains("berth-" + instance)) {
                return true;
            }
            Set<String> arguments = Stream.of(
                            Files.readString(process.resolve("cmdline")).split("\0"))
                    .collect(Collectors.toSet());
            return arguments.stream().anyMatch(argument -> argument.endsWith("conmon"))
                    && arguments.stream().anyMatch(argument -> argument.startsWith(dataDir + "/"));
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
