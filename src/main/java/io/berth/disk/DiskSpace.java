package io.berth.disk;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** How much room the data directory's disk has, and what is kept of it for ends that must go on when it is full. */
@ApplicationScoped
public class DiskSpace {

    private static final Logger LOG = Logger.getLogger(DiskSpace.class);

    private final Path dataDir;
    private final DiskConfig config;
    private volatile @Nullable Reserve reserve;
    private @Nullable FileStore disk;
    private volatile boolean low;

    DiskSpace(@ConfigProperty(name = "berth.data-dir") Path dataDir, DiskConfig config) {
        this.dataDir = dataDir.toAbsolutePath();
        this.config = config;
    }

    void onStart(@Observes StartupEvent event) {
        try {
            disk = Files.getFileStore(dataDir);
            reserve = Reserve.of(dataDir, config.reserve().asLongValue());
        } catch (IOException e) {
            throw new UncheckedIOException("the disk of " + dataDir + " cannot be looked at", e);
        }
    }

    /** Bytes that are free besides the reserve. */
    public long free() {
        try {
            return disk == null ? Long.MAX_VALUE : disk.getUsableSpace();
        } catch (IOException e) {
            LOG.debug("cannot tell how much room the disk has", e);
            return Long.MAX_VALUE;
        }
    }

    /** The size of the reserve, held or not. */
    public long reserved() {
        Reserve present = reserve;
        return present == null ? 0 : present.size();
    }

    /** Whether nothing new is to be made. */
    public boolean isLow() {
        return free() < 2 * reserved();
    }

    /** Whether less is free than the reserve was meant to keep. */
    public boolean isCritical() {
        return free() < reserved();
    }

    /** @throws BerthException {@code NO_SPACE} if nothing new is to be made */
    public void requireRoom() {
        if (isLow()) {
            throw new BerthException(
                    ErrorCode.NO_SPACE,
                    "the host's disk is nearly full: nothing is started or stored until there is room again; stop or delete what"
                            + " is not needed");
        }
    }

    /** Gives back a slice of the reserve if the disk is full. Blocks for the disk; fails never. */
    public void makeRoom() {
        Reserve present = reserve;
        try {
            if (present != null && free() < present.slice() && present.release()) {
                LOG.warnf("the disk of %s is full: %d bytes of the reserve are left", dataDir, present.held());
            }
        } catch (IOException e) {
            LOG.warnf("the reserve in %s cannot be given back: %s", dataDir, e.toString());
        }
    }

    @Scheduled(every = "1s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void watch() {
        tell();
        Reserve present = reserve;
        try {
            long missing = present == null ? 0 : present.size() - present.held();
            if (present != null && missing > 0 && free() >= 2 * present.size() + missing && present.take()) {
                LOG.infof("%d bytes of the disk are kept for when it is full", present.size());
            }
        } catch (IOException e) {
            LOG.warnf("the reserve in %s cannot be taken: %s", dataDir, e.toString());
        }
    }

    private void tell() {
        boolean now = isLow();
        if (now != low) {
            low = now;
            if (now) {
                LOG.warnf("the disk of %s has %d bytes free: nothing new is made", dataDir, free());
            } else {
                LOG.infof("the disk of %s has room again", dataDir);
            }
        }
    }
}
