package io.berth.engine.local;

import io.berth.engine.ProcessInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads processes from proc(5). A process that ends while it is read is left out. */
final class ProcessTable {

    private static final int CLOCK_TICKS_PER_SECOND = 100;
    private static final int PAGE_SIZE = 4096;
    private static final int COMMAND_LIMIT = 4096;
    /** A process chooses its own arguments and environment, which may be megabytes. */
    private static final int FILE_LIMIT = 65_536;
    /** Among the flags in {@code stat}, see proc_pid_stat(5): of linux/sched.h. */
    private static final long PF_EXITING = 4;

    private final Path procRoot;

    ProcessTable(Path procRoot) {
        this.procRoot = procRoot;
    }

    /**
     * The processes as a container sees them.
     *
     * @param pids on the host
     * @param firstId host id of the container's id 0
     */
    List<ProcessInfo> describe(List<Integer> pids, int firstId) {
        Map<Integer, Integer> inside = new HashMap<>();
        List<Map.Entry<Stat, Map<String, String>>> found = new ArrayList<>();
        for (int pid : pids) {
            Optional<Stat> stat = stat(pid);
            Map<String, String> status = status(pid);
            if (stat.isPresent() && !status.isEmpty()) {
                String[] numbers =
                        status.getOrDefault("NSpid", Integer.toString(pid)).split("\\s+");
                inside.put(pid, Integer.parseInt(numbers[numbers.length - 1]));
                found.add(Map.entry(stat.get(), status));
            }
        }
        List<ProcessInfo> processes = new ArrayList<>();
        for (Map.Entry<Stat, Map<String, String>> entry : found) {
            Stat stat = entry.getKey();
            long hostUid =
                    Long.parseLong(entry.getValue().getOrDefault("Uid", "0").split("\\s+")[0]);
            processes.add(new ProcessInfo(
                    inside.getOrDefault(stat.pid, 0),
                    inside.getOrDefault(stat.parent, 0),
                    hostUid >= firstId ? hostUid - firstId : 65_534,
                    stat.state,
                    stat.ticks * 1000 / CLOCK_TICKS_PER_SECOND,
                    stat.residentPages * PAGE_SIZE,
                    command(stat)));
        }
        processes.sort(java.util.Comparator.comparingInt(ProcessInfo::pid));
        return processes;
    }

    /** Of these processes the ones that {@code ancestor} began: its descendants, its session, and itself. */
    List<Integer> treeOf(int ancestor, Collection<Integer> pids) {
        Map<Integer, Stat> stats = new HashMap<>();
        pids.forEach(pid -> stat(pid).ifPresent(stat -> stats.put(pid, stat)));
        List<Integer> tree = new ArrayList<>();
        for (Stat stat : stats.values()) {
            int steps = 0;
            Stat at = stat;
            while (at != null && steps++ < stats.size()) {
                if (at.pid == ancestor || at.session == ancestor) {
                    tree.add(stat.pid);
                    break;
                }
                at = stats.get(at.parent);
            }
        }
        return tree;
    }

    /** Of these processes the ones whose environment, as they were started, holds the entry. */
    List<Integer> withEnvironment(String entry, List<Integer> pids) {
        return pids.stream()
                .filter(pid -> ("\0" + read(pid, "environ")).contains("\0" + entry + "\0"))
                .toList();
    }

    /** Every process of the host that was started with this argument. */
    List<Integer> withArgument(String argument) throws IOException {
        List<Integer> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(procRoot, "[0-9]*")) {
            for (Path process : processes) {
                int pid = Integer.parseInt(process.getFileName().toString());
                if (hasArgument(pid, argument)) {
                    found.add(pid);
                }
            }
        }
        return found;
    }

    boolean hasArgument(int pid, String argument) {
        return ("\0" + read(pid, "cmdline")).contains("\0" + argument + "\0");
    }

    /**
     * Whether a process is there and not a zombie, nor about to be one. Process 1 of a container has given up its namespaces by then,
     * and waits for all others in it.
     */
    boolean isAlive(int pid) {
        return stat(pid)
                .filter(stat -> !stat.state.equals("Z") && !stat.exiting)
                .isPresent();
    }

    private String command(Stat stat) {
        String line = read(stat.pid, "cmdline").replace('\0', ' ').strip();
        String command = line.isEmpty() ? "[" + stat.name + "]" : line;
        return command.length() > COMMAND_LIMIT ? command.substring(0, COMMAND_LIMIT) : command;
    }

    private Optional<Stat> stat(int pid) {
        String text = read(pid, "stat");
        int nameEnd = text.lastIndexOf(')');
        int nameStart = text.indexOf('(');
        if (nameStart < 0 || nameEnd < nameStart) {
            return Optional.empty();
        }
        String[] fields = text.substring(nameEnd + 2).split(" ");
        if (fields.length < 22) {
            return Optional.empty();
        }
        return Optional.of(new Stat(
                pid,
                text.substring(nameStart + 1, nameEnd),
                fields[0],
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[3]),
                Long.parseLong(fields[11]) + Long.parseLong(fields[12]),
                Long.parseLong(fields[21]),
                (Long.parseLong(fields[6]) & PF_EXITING) != 0));
    }

    private Map<String, String> status(int pid) {
        Map<String, String> status = new HashMap<>();
        read(pid, "status").lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                status.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return status;
    }

    private String read(int pid, String file) {
        Path path = procRoot.resolve(Integer.toString(pid)).resolve(file);
        try (InputStream stream = Files.newInputStream(path)) {
            return new String(stream.readNBytes(FILE_LIMIT), StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            return "";
        }
    }

    private record Stat(
            int pid,
            String name,
            String state,
            int parent,
            int session,
            long ticks,
            long residentPages,
            boolean exiting) {}
}
