package io.berth.engine.cgroup;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes limits to version 1 controllers. */
final class LegacyLimits {

    private static final long UNLIMITED = -1;
    private static final List<String> CPUSET = List.of("cpuset.cpus", "cpuset.mems");
    private static final String READ_RATE = "blkio.throttle.read_bps_device";
    private static final String WRITE_RATE = "blkio.throttle.write_bps_device";

    private final CgroupMounts mounts;
    private final String rootName;
    private final Optional<String> device;
    private final LegacyCpuBandwidth bandwidth;

    LegacyLimits(CgroupMounts mounts, String rootName, Optional<String> device) {
        this.mounts = mounts;
        this.rootName = rootName;
        this.device = device;
        this.bandwidth = new LegacyCpuBandwidth(root("cpu"));
    }

    private Path root(String controller) {
        return mounts.legacyRoot(controller).orElseThrow().resolve(rootName);
    }

    private static Path resolve(Path root, String path) {
        return path.isEmpty() ? root : root.resolve(path);
    }

    void apply(String path, ResourceLimits limits) throws IOException {
        bandwidth.limit(path, CpuLimit.ofMilliCpus(limits.milliCpus()));
        CgroupFiles.write(
                resolve(root("cpu"), path).resolve("cpu.shares"),
                Long.toString(CpuLimit.sharesOfWeight(CpuLimit.weight(limits.cpuWeight()))));
        limitMemory(path, resolve(root("memory"), path), limits.memoryBytes());
        Long pids = PidsLimit.expressible(limits.pids());
        CgroupFiles.write(resolve(root("pids"), path).resolve("pids.max"), pids == null ? "max" : pids.toString());
        limitIo(path, limits);
    }

    void forget(String path) {
        bandwidth.forget(path);
    }

    /**
     * Memory and swap together get the same bound as memory, which leaves nothing for swap. The kernel keeps the first at
     * least as large as the second at every moment, so the order depends on the direction.
     */
    private static void limitMemory(String path, Path directory, @Nullable Long bytes) throws IOException {
        long wanted = bytes == null ? UNLIMITED : bytes;
        Path limit = directory.resolve("memory.limit_in_bytes");
        Path withSwap = directory.resolve("memory.memsw.limit_in_bytes");
        if (!Files.exists(withSwap)) {
            writeMemory(path, directory, limit, wanted);
        } else if (wanted == UNLIMITED || wanted > CgroupFiles.readLong(withSwap)) {
            writeMemory(path, directory, withSwap, wanted);
            writeMemory(path, directory, limit, wanted);
        } else {
            writeMemory(path, directory, limit, wanted);
            writeMemory(path, directory, withSwap, wanted);
        }
        Path swappiness = directory.resolve("memory.swappiness");
        if (Files.exists(swappiness)) {
            CgroupFiles.write(swappiness, "0");
        }
    }

    private static void writeMemory(String path, Path directory, Path file, long bytes) throws IOException {
        try {
            CgroupFiles.write(file, Long.toString(bytes));
        } catch (IOException refused) {
            long used = CgroupFiles.readLong(directory.resolve("memory.usage_in_bytes"));
            if (bytes != UNLIMITED && used > bytes) {
                throw new EngineException(
                        Reason.INVALID,
                        "memory limit of " + bytes + " bytes for " + path + " is below the " + used
                                + " bytes in use: ask for more, or free memory first",
                        refused);
            }
            throw refused;
        }
    }

    private void limitIo(String path, ResourceLimits limits) throws IOException {
        Optional<Path> blkio = throttled(path);
        if (blkio.isPresent()) {
            throttle(blkio.get().resolve(READ_RATE), limits.ioReadBytesPerSecond());
            throttle(blkio.get().resolve(WRITE_RATE), limits.ioWriteBytesPerSecond());
        } else {
            IoLimit.refuseIfAsked(limits, device, "blkio");
        }
    }

    private Optional<Path> throttled(String path) {
        return mounts.legacyRoot("blkio")
                .map(root -> resolve(root.resolve(rootName), path))
                .filter(directory -> device.isPresent() && Files.exists(directory.resolve(READ_RATE)));
    }

    /** More processor time for what is killed, until it is closed. */
    LegacyCpuBandwidth.Grant grantCpu(String path) throws IOException {
        return bandwidth.grant(path);
    }

    /**
     * Lets go what the cgroup and those below it have begun to read and write, for good: the killed are deaf while they wait for it,
     * which a small rate would make hours.
     */
    void liftIo(String path) throws IOException {
        Optional<Path> blkio = throttled(path);
        if (blkio.isPresent()) {
            for (Path directory : CgroupTree.bottomUp(blkio.get())) {
                CgroupFiles.writeIfThere(directory.resolve(READ_RATE), rate(null));
                CgroupFiles.writeIfThere(directory.resolve(WRITE_RATE), rate(null));
            }
        }
    }

    private void throttle(Path file, @Nullable Long bytesPerSecond) throws IOException {
        CgroupFiles.write(file, rate(bytesPerSecond));
    }

    private String rate(@Nullable Long bytesPerSecond) {
        return device.orElseThrow() + " " + (bytesPerSecond == null ? 0 : bytesPerSecond);
    }

    /**
     * A new cpuset is empty, and no process can join it before it has CPUs and memory nodes: it gets its parent's. The
     * kernel sees to that below one that was told so. When they are written, it compares them with those of all others
     * and looks at all of the host's processes.
     */
    void inheritCpuset(String path) throws IOException {
        Optional<Path> hierarchy = mounts.legacyRoot("cpuset");
        if (hierarchy.isEmpty()) {
            return;
        }
        Path root = hierarchy.get().resolve(rootName);
        if (isFilled(root.resolve(path))) {
            return;
        }
        fillCpuset(hierarchy.get(), root);
        Path parent = root;
        for (String name : CgroupPath.names(path)) {
            Path directory = parent.resolve(name);
            fillCpuset(parent, directory);
            parent = directory;
        }
    }

    private static boolean isFilled(Path directory) throws IOException {
        for (String file : CPUSET) {
            if (isEmpty(directory.resolve(file))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEmpty(Path file) throws IOException {
        return CgroupFiles.read(file).isEmpty();
    }

    private static void fillCpuset(Path parent, Path directory) throws IOException {
        for (String file : CPUSET) {
            if (isEmpty(directory.resolve(file))) {
                CgroupFiles.write(directory.resolve(file), CgroupFiles.read(parent.resolve(file)));
                CgroupFiles.write(directory.resolve("cgroup.clone_children"), "1");
            }
        }
    }
}
