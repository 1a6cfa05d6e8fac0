package io.berth.engine.cgroup;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.ResourceLimits;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Control groups of version 1: the same directory in each hierarchy, named ones such as systemd's included, because OCI
 * runtimes put a container into all of them. On a hybrid host the empty version 2 hierarchy is cleaned up as well.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/index.html">Control Groups version 1</a>
 */
final class LegacyCgroups implements Cgroups {

    private static final Logger LOG = Logger.getLogger(LegacyCgroups.class);

    private static final String FROZEN = "FROZEN";
    private static final String THAWED = "THAWED";
    private static final int ATTEMPTS_UNTIL_STUCK = 25;
    private static final long THAW_NANOS = 1_000_000;

    private static final int SIGKILL = 9;
    /** About 6 ms, as {@link Patience} paces them. */
    private static final int GENTLE_ROUNDS = 7;

    private final CgroupMounts mounts;
    private final CgroupMode mode;
    private final String rootName;
    private final Optional<String> device;
    private final Syscalls syscalls;
    private final List<Path> hierarchies;
    private final List<Path> cleaned;
    /** Where processor time is bounded, and where it is counted; often the same. */
    private final List<Path> processor;

    private final LegacyLimits limits;
    private final LegacyUsage usage;

    /**
     * @param device the disk under the data directory, {@code major:minor}
     */
    LegacyCgroups(CgroupMounts mounts, String rootName, Optional<String> device, Syscalls syscalls) {
        this.mounts = mounts;
        this.mode = mounts.mode();
        this.rootName = rootName;
        this.device = device;
        this.syscalls = syscalls;
        this.hierarchies =
                mounts.legacy().stream().map(CgroupMounts.Hierarchy::mountPoint).toList();
        this.cleaned = mounts.hierarchies().stream()
                .map(CgroupMounts.Hierarchy::mountPoint)
                .toList();
        this.processor = mounts.legacy().stream()
                .filter(hierarchy -> hierarchy.controllers().contains("cpu")
                        || hierarchy.controllers().contains("cpuacct"))
                .map(CgroupMounts.Hierarchy::mountPoint)
                .toList();
        this.limits = new LegacyLimits(mounts, rootName, device);
        this.usage = new LegacyUsage(mounts, rootName, device);
    }

    @Override
    public String mode() {
        return mode.toString();
    }

    @Override
    public String ioLimits() {
        return IoLimit.feature(
                device,
                "blkio",
                mounts.legacyRoot("blkio")
                        .filter(root -> Files.exists(root.resolve("blkio.throttle.read_bps_device")))
                        .isPresent(),
                IoLimit.OF_CONTAINERS);
    }

    @Override
    public String ociPath(String path) {
        return "/" + below(path);
    }

    private String below(String path) {
        return CgroupPath.check(path).isEmpty() ? rootName : rootName + "/" + path;
    }

    @Override
    public void ensure(String path, ResourceLimits wanted) throws IOException {
        String below = below(path);
        for (Path hierarchy : hierarchies) {
            Files.createDirectories(hierarchy.resolve(below));
        }
        limits.inheritCpuset(path);
        limits.apply(path, wanted);
    }

    @Override
    public void limit(String path, ResourceLimits wanted) throws IOException {
        CgroupPath.check(path);
        limits.apply(path, wanted);
    }

    @Override
    public Usage usage(String path) throws IOException {
        CgroupPath.check(path);
        return usage.read(path);
    }

    @Override
    public Meter meter(String path) throws IOException {
        CgroupPath.check(path);
        return usage.meter(path);
    }

    @Override
    public long memoryPeak(String path) throws IOException {
        CgroupPath.check(path);
        return usage.memoryPeak(path);
    }

    @Override
    public long pids(String path) throws IOException {
        return CgroupFiles.readLongOrZero(
                mounts.legacyRoot("pids").orElseThrow().resolve(below(path)).resolve("pids.current"));
    }

    @Override
    public long oomKills(String path) throws IOException {
        CgroupPath.check(path);
        return usage.oomKills(path);
    }

    @Override
    public List<Integer> processes(String path) throws IOException {
        return List.copyOf(someProcesses(path));
    }

    /** Also what crun is just about to put into all hierarchies. */
    private Set<Integer> allProcesses(String path) throws IOException {
        String below = below(path);
        Set<Integer> pids = new TreeSet<>();
        for (Path hierarchy : cleaned) {
            pids.addAll(CgroupTree.processes(hierarchy.resolve(below)));
        }
        return pids;
    }

    @Override
    public void freeze(String path, boolean frozen) throws IOException {
        Path directory = freezer(path)
                .orElseThrow(() -> new EngineException(
                        Reason.HOST_INCOMPLETE,
                        "pausing needs the cgroup controller 'freezer', which is not mounted on this host"));
        String wanted = frozen ? FROZEN : THAWED;
        Attempts attempts = new Attempts();
        try {
            Patience.USUAL.await("cgroup " + path + " is " + wanted.toLowerCase(Locale.ROOT), () -> {
                if (frozen && attempts.isStuck()) {
                    // a task that waits for one that is frozen already never freezes: let them pass each other
                    write(directory, THAWED);
                    LockSupport.parkNanos(THAW_NANOS);
                }
                // written each time: a process that forks just then may need another push
                write(directory, wanted);
                return state(directory).equals(wanted);
            });
        } catch (IOException failed) {
            if (frozen) {
                write(directory, THAWED); // and not half of it frozen
            }
            throw failed;
        }
    }

    /** Of freezing; every so many mean that the kernel will not come to an end by itself. */
    private static final class Attempts {
        private int made;

        boolean isStuck() {
            return ++made % ATTEMPTS_UNTIL_STUCK == 0;
        }
    }

    private static void write(Path freezer, String state) throws IOException {
        CgroupFiles.write(freezer.resolve("freezer.state"), state);
    }

    @Override
    public boolean isFrozen(String path) throws IOException {
        Optional<Path> directory = freezer(path);
        return directory.isPresent() && state(directory.get()).equals(FROZEN);
    }

    private static String state(Path freezer) throws IOException {
        return CgroupFiles.read(freezer.resolve("freezer.state"));
    }

    private Optional<Path> freezer(String path) {
        String below = below(path);
        return mounts.legacyRoot("freezer").map(root -> root.resolve(below));
    }

    /** For its processor time alone: it counts neither among the group's pids nor against its memory. */
    @Override
    public void charge(String group, int pid) throws IOException {
        String below = below(group) + "/" + MONITORS;
        for (Path hierarchy : processor) {
            CgroupFiles.join(hierarchy.resolve(below), pid);
        }
    }

    /**
     * At first it just signals, which is enough for all but what is frozen or forks faster: to freeze makes the kernel
     * patch its code on every processor, and to thaw again.
     */
    @Override
    public void kill(String path) throws IOException {
        AtomicInteger round = new AtomicInteger();
        List<LegacyCpuBandwidth.Grant> granted = new ArrayList<>();
        try {
            Patience.USUAL.await("every process of cgroup " + path + " is dead", () -> {
                if (isDeserted(path)) {
                    return true;
                }
                Set<Integer> pids = someProcesses(path);
                if (pids.isEmpty()) {
                    return true;
                }
                if (round.incrementAndGet() <= GENTLE_ROUNDS) {
                    killAll(pids);
                } else {
                    killFrozen(path);
                }
                if (round.get() == Patience.QUICK_ROUNDS) {
                    letEnd(path, granted);
                }
                return false;
            });
        } finally {
            granted.forEach(LegacyCpuBandwidth.Grant::close);
        }
    }

    /**
     * What the kernel counts tells at once what a look into all hierarchies would. Not what crun is just about to put into them: that
     * keeps the cgroup from being removed, and is looked for then.
     */
    private boolean isDeserted(String path) throws IOException {
        Path counted = mounts.legacyRoot("pids").orElseThrow().resolve(below(path));
        return CgroupFiles.find(counted.resolve("pids.current"))
                .filter("0"::equals)
                .isPresent();
    }

    /** The killed wait for something that a limit gives them slowly. */
    private void letEnd(String path, List<LegacyCpuBandwidth.Grant> granted) {
        try {
            limits.liftIo(path);
            granted.add(limits.grantCpu(path));
        } catch (NoSuchFileException gone) {
            // as wanted: so are its processes
        } catch (IOException e) {
            LOG.warnf(e, "the killed of %s end as slowly as their limits want", path);
        }
    }

    /**
     * One round. Frozen, a fork bomb cannot outrun the list; the signal takes effect when it is thawed, cgroups below
     * that were frozen by themselves included.
     */
    private void killFrozen(String path) throws IOException {
        Optional<Path> freezer = freezer(path).filter(Files::exists);
        if (freezer.isPresent()) {
            CgroupFiles.writeIfThere(freezer.get().resolve("freezer.state"), "FROZEN");
        }
        try {
            killAll(allProcesses(path));
        } finally {
            if (freezer.isPresent()) {
                for (Path directory : CgroupTree.bottomUp(freezer.get())) {
                    CgroupFiles.writeIfThere(directory.resolve("freezer.state"), "THAWED");
                }
            }
        }
    }

    /** Those of the first hierarchy that knows any: all of them, but for what crun is just about to put into the others. */
    private Set<Integer> someProcesses(String path) throws IOException {
        String below = below(path);
        for (Path hierarchy : cleaned) {
            Set<Integer> pids = CgroupTree.processes(hierarchy.resolve(below));
            if (!pids.isEmpty()) {
                return pids;
            }
        }
        return Set.of();
    }

    private void killAll(Collection<Integer> pids) throws ErrnoException {
        for (int pid : pids) {
            kill(pid);
        }
    }

    private void kill(int pid) throws ErrnoException {
        try {
            syscalls.kill(pid, SIGKILL);
        } catch (ErrnoException e) {
            if (!e.is("ESRCH")) {
                throw e;
            }
        }
    }

    @Override
    public void remove(String path) throws IOException {
        String below = below(path);
        if (!removeEmpty(below)) {
            Patience.USUAL.await("cgroup " + path + " can be removed", () -> {
                kill(path);
                try {
                    for (Path hierarchy : cleaned) {
                        CgroupTree.remove(hierarchy.resolve(below));
                    }
                    return true;
                } catch (IOException busy) {
                    killAll(allProcesses(path)); // of one that is being started, or not in all hierarchies
                    return false;
                }
            });
        }
        limits.forget(path);
    }

    /** The usual case, without a look at what is inside: the kernel refuses to remove a cgroup that is in use. */
    private boolean removeEmpty(String below) {
        boolean removed = true;
        for (Path hierarchy : cleaned) {
            try {
                Files.deleteIfExists(hierarchy.resolve(below));
            } catch (IOException inUse) {
                removed = false;
            }
        }
        return removed;
    }

    @Override
    public List<String> children(String path) throws IOException {
        String below = below(path);
        Set<String> names = new TreeSet<>();
        for (Path hierarchy : cleaned) {
            names.addAll(CgroupTree.children(hierarchy.resolve(below)));
        }
        names.remove(MONITORS);
        return new ArrayList<>(names);
    }
}
