package io.berth.engine.cgroup;

import io.berth.engine.mount.MountTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Takes the wait out of putting a process into a cgroup. The kernel guards that with a lock whose first writer waits for
 * an RCU grace period, 8 to 16 ms on a quiet host; a writer that comes within some 10 ms of another does not wait
 * ({@code cgroup_threadgroup_rwsem}; the mount option {@code favordynmods} is about the same wait). A create spends that
 * time elsewhere before the runtime comes to it: so a write that changes nothing, this process into the cgroup it is in
 * already, begins the wait early, and while containers and execs are being started others keep the lock warm.
 */
public final class MigrationPrimer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(MigrationPrimer.class);
    /** Shorter than the kernel keeps the lock warm. */
    private static final long INTERVAL_NANOS = 7_000_000;
    /** After so long without {@link #prime} the thread rests, and forks on the host have their fast path back. */
    private static final long ACTIVE_NANOS = 500_000_000;

    private final Optional<Path> ownProcs;
    private final byte[] ownPid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
    private final Thread thread;
    private volatile long lastPrimed = System.nanoTime() - ACTIVE_NANOS;
    private volatile boolean closed;

    /** @param ownProcs {@code cgroup.procs} of the cgroup this process is in; empty to do nothing */
    MigrationPrimer(Optional<Path> ownProcs) {
        this.ownProcs = ownProcs;
        this.thread = new Thread(this::run, "berth-cgroup-primer");
        thread.setDaemon(true);
        if (ownProcs.isPresent()) {
            thread.start();
        }
    }

    /** For this process on this host. */
    public static MigrationPrimer start() throws IOException {
        CgroupMounts mounts = CgroupMounts.of(MountTable.read());
        return new MigrationPrimer(find(mounts, Files.readString(Path.of("/proc/self/cgroup"))));
    }

    /** @param membership this process's, as in {@code /proc/self/cgroup}: {@code id:controllers:path} lines */
    static Optional<Path> find(CgroupMounts mounts, String membership) {
        boolean unified = mounts.mode() == CgroupMode.V2;
        Optional<Path> root =
                unified ? mounts.unified().map(CgroupMounts.Hierarchy::mountPoint) : mounts.legacyRoot("pids");
        Optional<String> own = membership
                .lines()
                .map(line -> line.split(":", 3))
                .filter(fields -> fields.length == 3 && isWanted(fields, unified))
                .map(fields -> fields[2])
                .findFirst();
        return root.flatMap(directory -> own.map(path -> directory.resolve(path.substring(1))))
                .map(cgroup -> cgroup.resolve("cgroup.procs"))
                .filter(Files::isWritable);
    }

    private static boolean isWanted(String[] fields, boolean unified) {
        return unified
                ? fields[0].equals("0")
                : java.util.List.of(fields[1].split(",")).contains("pids");
    }

    /** A process is about to be put into a cgroup. Never blocks. */
    public void prime() {
        long now = System.nanoTime();
        boolean resting = now - lastPrimed >= ACTIVE_NANOS;
        lastPrimed = now;
        if (resting) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        Path file = ownProcs.orElseThrow();
        try (FileChannel procs = FileChannel.open(file, StandardOpenOption.WRITE)) {
            while (!closed) {
                if (System.nanoTime() - lastPrimed >= ACTIVE_NANOS) {
                    LockSupport.park(this);
                    continue;
                }
                procs.write(ByteBuffer.wrap(ownPid), 0);
                LockSupport.parkNanos(this, INTERVAL_NANOS);
            }
        } catch (IOException e) {
            LOG.debugf(e, "%s cannot be written: starting containers takes some 10 ms longer", file);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
