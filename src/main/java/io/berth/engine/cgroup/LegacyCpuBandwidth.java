package io.berth.engine.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * CPU quotas of version 1, which differ from version 2's in one rule: a cgroup's quota must not exceed its parent's,
 * or the write fails. A limit that does is not needed while the parent holds it, so it is left off until the parent's is
 * raised. What was wanted is remembered for that; after a restart it is known again once the limits were given again.
 */
final class LegacyCpuBandwidth {

    private final Path root;
    private final Map<String, CpuLimit> wanted = new ConcurrentHashMap<>();

    LegacyCpuBandwidth(Path root) {
        this.root = root;
    }

    /** Serialised: parent and child are written together. Takes some ten microseconds. */
    synchronized void limit(String path, CpuLimit limit) throws IOException {
        Path directory = path.isEmpty() ? root : root.resolve(path);
        wanted.put(path, limit);
        Path parent = directory.getParent();
        CpuLimit ceiling = path.isEmpty() || parent == null ? CpuLimit.UNLIMITED : read(parent);
        CpuLimit effective = limit.exceeds(ceiling) ? CpuLimit.UNLIMITED : limit;
        for (String child : CgroupTree.children(directory)) {
            if (read(directory.resolve(child)).exceeds(effective)) {
                write(directory.resolve(child), CpuLimit.UNLIMITED);
            }
        }
        write(directory, effective);
        for (String child : CgroupTree.children(directory)) {
            CpuLimit childWanted = wanted.get(path.isEmpty() ? child : path + "/" + child);
            if (childWanted != null && !childWanted.exceeds(effective)) {
                write(directory.resolve(child), childWanted);
            }
        }
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
