package io.berth.engine.cgroup;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.ResourceLimits;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Control groups of version 2. Swap is off for every cgroup Berth makes. The kernel is the only state.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Control Group v2</a>
 */
final class UnifiedCgroups implements Cgroups {

    private static final Logger LOG = Logger.getLogger(UnifiedCgroups.class);
    private static final int SIGKILL = 9;
    private static final long NANOS_PER_MICRO = 1_000;
    private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids", "io");

    private final Path mountPoint;
    private final Path root;
    private final Optional<String> device;
    private final Syscalls syscalls;
    private final KillAllowance allowance;

    /**
     * @param device the disk under the data directory, {@code major:minor}
     */
    UnifiedCgroups(Path mountPoint, String rootName, Optional<String> device, Syscalls syscalls) {
        this.mountPoint = mountPoint;
        this.root = mountPoint.resolve(rootName);
        this.device = device;
        this.syscalls = syscalls;
        this.allowance = new KillAllowance(device);
    }

    @Override
    public String mode() {
        return CgroupMode.V2.toString();
    }

    @Override
    public String ioLimits() {
        return IoLimit.feature(device, "io", hasIo(), IoLimit.OF_GROUPS);
    }

    private boolean hasIo() {
        try {
            return words(CgroupFiles.read(mountPoint.resolve("cgroup.controllers")))
                    .contains("io");
        } catch (IOException unreadable) {
            return false;
        }
    }

    @Override
    public String ociPath(String path) {
        return "/" + mountPoint.relativize(directory(path));
    }

    @Override
    public void ensure(String path, ResourceLimits limits) throws IOException {
        Path directory = root;
        delegate(mountPoint);
        Files.createDirectories(root);
        for (String name : CgroupPath.names(CgroupPath.check(path))) {
            delegate(directory);
            directory = directory.resolve(name);
            Files.createDirectories(directory);
        }
        limit(path, limits);
    }

    /** Gives the controllers to the cgroups below, as far as they do not have them yet. */
    private void delegate(Path directory) throws IOException {
        Path file = directory.resolve("cgroup.subtree_control");
        Set<String> wanted = new LinkedHashSet<>(CONTROLLERS);
        wanted.retainAll(words(CgroupFiles.read(directory.resolve("cgroup.controllers"))));
        if (!wanted.containsAll(CgroupMounts.REQUIRED)) {
            throw new EngineException(
                    Reason.HOST_INCOMPLETE,
                    directory + " offers only the controllers " + wanted + " of " + CONTROLLERS
                            + ": start Berth where cpu, memory and pids are delegated (systemd: Delegate=yes)");
        }
        wanted.removeAll(words(CgroupFiles.read(file)));
        if (wanted.isEmpty()) {
            return;
        }
        try {
            CgroupFiles.write(file, wanted.stream().map(name -> "+" + name).collect(Collectors.joining(" ")));
        } catch (IOException refused) {
            boolean occupied = !CgroupFiles.processes(directory).isEmpty();
            throw new EngineException(
                    Reason.HOST_INCOMPLETE,
                    "cannot hand the controllers " + wanted + " down from " + directory
                            + (occupied
                                    ? ": it has processes of its own, and a cgroup has either those or limited children;"
                                            + " move them into a child cgroup first"
                                    : ": " + refused.getMessage()),
                    refused);
        }
    }

    private static Set<String> words(String text) {
        return text.isEmpty() ? Set.of() : new LinkedHashSet<>(Arrays.asList(text.split("\\s+")));
    }

    @Override
    public void limit(String path, ResourceLimits limits) throws IOException {
        Path directory = directory(path);
        allowance.limit(
                directory.resolve("cpu.max"),
                CpuLimit.ofMilliCpus(limits.milliCpus()).unifiedForm());
        CgroupFiles.write(directory.resolve("cpu.weight"), Long.toString(CpuLimit.weight(limits.cpuWeight())));
        Path swap = directory.resolve("memory.swap.max");
        if (Files.exists(swap)) { // not in a kernel without swap
            CgroupFiles.write(swap, "0");
        }
        limitMemory(path, directory, limits.memoryBytes());
        CgroupFiles.write(directory.resolve("pids.max"), orMax(PidsLimit.expressible(limits.pids())));
        limitIo(directory, limits);
    }

    /**
     * Version 2 would kill to get below what is in use; this refuses, as version 1 does, after it has reclaimed what it can. A
     * limit that stays as it is is not refused: the kernel itself lets use pass it for a moment.
     */
    private static void limitMemory(String path, Path directory, @Nullable Long bytes) throws IOException {
        Path limit = directory.resolve("memory.max");
        if (CgroupFiles.read(limit).equals(orMax(bytes))) {
            return;
        }
        Path current = directory.resolve("memory.current");
        if (bytes != null && Files.exists(current)) {
            long used = CgroupFiles.readLong(current);
            if (used > bytes) {
                reclaim(directory, bytes, used - bytes);
                used = CgroupFiles.readLong(current);
            }
            if (used > bytes) {
                throw new EngineException(
                        Reason.INVALID,
                        "memory limit of " + bytes + " bytes for " + path + " is below the " + used
                                + " bytes in use: ask for more, or free memory first");
            }
        }
        CgroupFiles.write(limit, orMax(bytes));
    }

    private static void reclaim(Path directory, long limit, long bytes) throws IOException {
        Path reclaim = directory.resolve("memory.reclaim");
        if (!Files.exists(reclaim)) { // before kernel 5.19; lowering this one reclaims as well
            CgroupFiles.write(directory.resolve("memory.high"), Long.toString(limit));
            CgroupFiles.write(directory.resolve("memory.high"), "max");
            return;
        }
        try {
            CgroupFiles.write(reclaim, Long.toString(bytes));
        } catch (IOException notAll) {
            LOG.debugf("could not reclaim %d bytes of %s: %s", bytes, directory, notAll.getMessage());
        }
    }

    private void limitIo(Path directory, ResourceLimits limits) throws IOException {
        Path file = directory.resolve("io.max");
        if (device.isPresent() && Files.exists(file)) {
            allowance.limit(
                    file,
                    device.get() + " rbps=" + orMax(limits.ioReadBytesPerSecond()) + " wbps="
                            + orMax(limits.ioWriteBytesPerSecond()));
        } else {
            IoLimit.refuseIfAsked(limits, device, "io");
        }
    }

    private static String orMax(@Nullable Long value) {
        return value == null ? "max" : value.toString();
    }

    @Override
    public Usage usage(String path) throws IOException {
        Path directory = directory(path);
        String cpu = CgroupFiles.read(directory.resolve("cpu.stat"));
        long memory = CgroupFiles.readLong(directory.resolve("memory.current"));
        long inactive = CgroupFiles.keyed(CgroupFiles.read(directory.resolve("memory.stat")), "inactive_file");
        String io = CgroupFiles.find(directory.resolve("io.stat")).orElse("");
        return new Usage(
                CgroupFiles.keyed(cpu, "usage_usec") * NANOS_PER_MICRO,
                CgroupFiles.keyed(cpu, "throttled_usec") * NANOS_PER_MICRO,
                memory,
                Math.max(0, memory - inactive),
                CgroupFiles.readLong(directory.resolve("pids.current")),
                ioCounter(io, "rbytes="),
                ioCounter(io, "wbytes="),
                oomKills(path));
    }

    @Override
    public Meter meter(String path) throws IOException {
        Path directory = directory(path);
        String cpu = CgroupFiles.read(directory.resolve("cpu.stat"));
        return new Meter(
                CgroupFiles.keyed(cpu, "usage_usec") * NANOS_PER_MICRO,
                CgroupFiles.readLong(directory.resolve("memory.current")));
    }

    @Override
    public long memoryPeak(String path) throws IOException {
        Path peak = directory(path).resolve("memory.peak"); // since Linux 5.19
        return CgroupFiles.readLong(Files.exists(peak) ? peak : directory(path).resolve("memory.current"));
    }

    /** Counts the data directory's disk alone if it is known: stacked devices would count the same bytes again. */
    private long ioCounter(String stat, String key) {
        return stat.lines()
                .filter(line -> device.isEmpty() || line.startsWith(device.get() + " "))
                .flatMap(line -> Arrays.stream(line.split(" ")))
                .filter(word -> word.startsWith(key))
                .mapToLong(word -> Long.parseLong(word.substring(key.length())))
                .sum();
    }

    @Override
    public long pids(String path) throws IOException {
        return CgroupFiles.readLongOrZero(directory(path).resolve("pids.current"));
    }

    @Override
    public long oomKills(String path) throws IOException {
        return CgroupFiles.keyed(
                CgroupFiles.find(directory(path).resolve("memory.events")).orElse(""), "oom_kill");
    }

    @Override
    public List<Integer> processes(String path) throws IOException {
        return List.copyOf(CgroupTree.processes(directory(path)));
    }

    @Override
    public void freeze(String path, boolean frozen) throws IOException {
        Path freeze = directory(path).resolve("cgroup.freeze");
        CgroupFiles.write(freeze, frozen ? "1" : "0");
        try {
            Patience.USUAL.await(
                    "cgroup " + path + " is " + (frozen ? "frozen" : "thawed"), () -> isFrozen(path) == frozen);
        } catch (IOException failed) {
            if (frozen) {
                CgroupFiles.writeIfThere(freeze, "0"); // and not half of it frozen
            }
            throw failed;
        }
    }

    @Override
    public boolean isFrozen(String path) throws IOException {
        return CgroupFiles.keyed(CgroupFiles.read(directory(path).resolve("cgroup.events")), "frozen") == 1;
    }

    /**
     * The group's own cgroup may hold no processes, so they have a leaf. The kernel counts them among the group's pids: there
     * is no way to leave that out.
     */
    @Override
    public void charge(String group, int pid) throws IOException {
        CgroupFiles.join(directory(group).resolve(MONITORS), pid);
    }

    @Override
    public void kill(String path) throws IOException {
        Path directory = directory(path);
        if (!Files.exists(directory)) {
            return;
        }
        Path kill = directory.resolve("cgroup.kill");
        boolean atOnce = Files.exists(kill);
        if (atOnce) {
            CgroupFiles.writeIfThere(kill, "1");
        }
        List<KillAllowance.Grant> granted = new ArrayList<>();
        AtomicInteger round = new AtomicInteger();
        try {
            Patience.USUAL.await("every process of cgroup " + path + " is dead", () -> {
                if (!isPopulated(directory)) {
                    return true;
                }
                if (round.incrementAndGet() == Patience.QUICK_ROUNDS) {
                    grant(directory, granted);
                }
                if (!atOnce) {
                    killEach(directory);
                }
                return false;
            });
        } finally {
            granted.forEach(KillAllowance.Grant::close);
        }
    }

    private void grant(Path directory, List<KillAllowance.Grant> granted) {
        try {
            granted.add(allowance.grant(aboveAndBelow(directory)));
        } catch (IOException e) {
            LOG.warnf(e, "the killed of %s end as slowly as their limits want", directory);
        }
    }

    /** All cgroups whose limits hold for processes of this one and those below it. */
    private List<Path> aboveAndBelow(Path directory) throws IOException {
        List<Path> all = new ArrayList<>(CgroupTree.bottomUp(directory));
        for (Path above = directory.getParent(); above != null && above.startsWith(root); above = above.getParent()) {
            all.add(above);
        }
        return all;
    }

    private static boolean isPopulated(Path directory) throws IOException {
        String events = CgroupFiles.find(directory.resolve("cgroup.events")).orElse("");
        return CgroupFiles.keyed(events, "populated") == 1;
    }

    /** For kernels before 5.14. Frozen, a fork bomb cannot outrun the list; SIGKILL works on frozen processes. */
    private void killEach(Path directory) throws IOException {
        CgroupFiles.writeIfThere(directory.resolve("cgroup.freeze"), "1");
        for (int pid : CgroupTree.processes(directory)) {
            try {
                syscalls.kill(pid, SIGKILL);
            } catch (ErrnoException e) {
                if (!e.is("ESRCH")) {
                    throw e;
                }
            }
        }
        CgroupFiles.writeIfThere(directory.resolve("cgroup.freeze"), "0");
    }

    @Override
    public void remove(String path) throws IOException {
        kill(path);
        Path directory = directory(path);
        Patience.USUAL.await("cgroup " + path + " can be removed", () -> {
            try {
                CgroupTree.remove(directory);
                return true;
            } catch (IOException busy) {
                // dying processes leave a moment after the cgroup is reported empty
                kill(path);
                return false;
            }
        });
    }

    @Override
    public List<String> children(String path) throws IOException {
        return CgroupTree.children(directory(path)).stream()
                .filter(name -> !name.equals(MONITORS))
                .toList();
    }

    private Path directory(String path) {
        return CgroupPath.check(path).isEmpty() ? root : root.resolve(path);
    }
}
