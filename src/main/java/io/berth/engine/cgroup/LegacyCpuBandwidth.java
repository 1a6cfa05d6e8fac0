package io.berth.engine.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * CPU quotas of version 1, which differ from version 2's in one rule: a cgroup's quota must not exceed its parent's,
 * or the write fails. A limit that does is not needed while the parent holds it, so it is left off until the parent's is
 * raised. What was wanted is remembered for that; after a restart it is known again once the limits were given again.
 *
 * <p>What is being killed, and all above it, may have one core at least until it is gone: the killed still need processor time to end, and a
 * small limit, their own or their group's, would make that minutes in which nobody can remove them. Thread-safe.
 */
final class LegacyCpuBandwidth {

    private static final Logger LOG = Logger.getLogger(LegacyCpuBandwidth.class);
    private static final CpuLimit ONE_CORE = CpuLimit.ofMilliCpus(1000L);

    private final Path root;
    private final Map<String, CpuLimit> wanted = new HashMap<>();
    /** How many kills are under way in each cgroup or below it. */
    private final Map<String, Integer> kills = new HashMap<>();

    /** More processor time for the killed, until it is closed. */
    interface Grant extends AutoCloseable {
        @Override
        void close();
    }

    LegacyCpuBandwidth(Path root) {
        this.root = root;
    }

    /** Serialised: parent and child are written together. Takes some ten microseconds. */
    synchronized void limit(String path, CpuLimit limit) throws IOException {
        wanted.put(path, limit);
        write(path);
    }

    private void write(String path) throws IOException {
        Path directory = directory(path);
        CpuLimit limit = granted(path);
        CpuLimit effective = limit.exceeds(ceiling(path)) ? CpuLimit.UNLIMITED : limit;
        for (String child : CgroupTree.children(directory)) {
            if (read(directory.resolve(child)).exceeds(effective)) {
                write(directory.resolve(child), CpuLimit.UNLIMITED);
            }
        }
        write(directory, effective);
        for (String child : CgroupTree.children(directory)) {
            String below = path.isEmpty() ? child : path + "/" + child;
            if (wanted.containsKey(below) && !granted(below).exceeds(effective)) {
                write(directory.resolve(child), granted(below));
            }
        }
    }

    /** The limit of the nearest cgroup above that has one. */
    private CpuLimit ceiling(String path) throws IOException {
        CpuLimit ceiling = CpuLimit.UNLIMITED;
        for (String above = path; !above.isEmpty() && ceiling.isUnlimited(); ) {
            above = above.substring(0, Math.max(0, above.lastIndexOf('/')));
            ceiling = read(directory(above));
        }
        return ceiling;
    }

    private Path directory(String path) {
        return path.isEmpty() ? root : root.resolve(path);
    }

    /** What is wanted, and for the killed a core at least. */
    private CpuLimit granted(String path) {
        CpuLimit limit = wanted.getOrDefault(path, CpuLimit.UNLIMITED);
        return kills.containsKey(path) && ONE_CORE.exceeds(limit) ? ONE_CORE : limit;
    }

    /** For the processes of a cgroup and of those below it, which are killed. */
    synchronized Grant grant(String path) throws IOException {
        List<String> all = aboveAndBelow(path);
        for (String each : all) {
            wanted.putIfAbsent(each, read(directory(each)));
        }
        all.forEach(each -> kills.merge(each, 1, Integer::sum));
        Grant grant = () -> end(all);
        try {
            for (String each : all) {
                write(each);
            }
            return grant;
        } catch (IOException e) {
            grant.close();
            throw e;
        }
    }

    private synchronized void end(List<String> all) {
        all.forEach(each -> kills.computeIfPresent(each, (path, count) -> count == 1 ? null : count - 1));
        for (int i = all.size() - 1; i >= 0; i--) { // none may be above its parent meanwhile
            try {
                write(all.get(i));
            } catch (NoSuchFileException gone) {
                // which needs no limit
            } catch (IOException e) {
                LOG.errorf(e, "the CPU limit of %s is not back", directory(all.get(i)));
            }
        }
    }

    /** All cgroups whose limits hold for processes of this one and those below it, parents first. */
    private List<String> aboveAndBelow(String path) throws IOException {
        List<String> all = new ArrayList<>();
        if (!path.isEmpty()) {
            all.add("");
            for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
                all.add(path.substring(0, slash));
            }
        }
        List<Path> below = CgroupTree.bottomUp(directory(path));
        for (int i = below.size() - 1; i >= 0; i--) {
            all.add(root.relativize(below.get(i)).toString());
        }
        return all;
    }

    synchronized void forget(String path) {
        wanted.keySet().removeIf(known -> known.equals(path) || path.isEmpty() || known.startsWith(path + "/"));
    }

    private static CpuLimit read(Path directory) throws IOException {
        Path quota = directory.resolve("cpu.cfs_quota_us");
        if (!Files.exists(quota)) {
            return CpuLimit.UNLIMITED;
        }
        return new CpuLimit(CgroupFiles.readLong(quota), CgroupFiles.readLong(directory.resolve("cpu.cfs_period_us")));
    }

    /** A new period is checked with the old quota, so the quota goes out of the way first. */
    private static void write(Path directory, CpuLimit limit) throws IOException {
        CpuLimit present = read(directory);
        if (present.equals(limit)) {
            return;
        }
        if (present.period() != limit.period()) {
            CgroupFiles.write(directory.resolve("cpu.cfs_quota_us"), "-1");
            CgroupFiles.write(directory.resolve("cpu.cfs_period_us"), Long.toString(limit.period()));
        }
        CgroupFiles.write(directory.resolve("cpu.cfs_quota_us"), Long.toString(limit.quota()));
    }
}
