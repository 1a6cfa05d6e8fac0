package io.berth.audit;

import io.berth.audit.store.AuditRepository;
import io.berth.audit.store.ChainVerifier;
import io.berth.audit.store.StoredChain;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Records what is done. Changes over HTTP are recorded without their resources knowing; everything else that matters (opened
 * shells, sign-ins, what the system does by itself) is recorded here.
 *
 * <p>Use {@link #begin} before and {@link AuditIntent#end} after something that must not happen unrecorded, and {@link #record}
 * for what has happened already.
 */
@ApplicationScoped
public class AuditLog {

    private static final Logger LOG = Logger.getLogger(AuditLog.class);
    private static final Duration FLUSH = Duration.ofSeconds(5);

    private final StoredChain chain;
    private final AuditRepository repository;
    private final AuditConfig config;
    private final Clock clock;
    private final Path directory;
    private volatile @Nullable AuditWriter writer;

    AuditLog(
            StoredChain chain,
            AuditRepository repository,
            AuditConfig config,
            Clock clock,
            @ConfigProperty(name = "berth.data-dir", defaultValue = "/var/lib/berth") Path dataDir) {
        this.chain = chain;
        this.repository = repository;
        this.config = config;
        this.clock = clock;
        this.directory = journalDirectory(dataDir);
    }

    /** Where a server with that data directory keeps what is not in the database yet. */
    public static Path journalDirectory(Path dataDir) {
        return dataDir.toAbsolutePath().resolve("audit");
    }

    void onStart(@Observes @Priority(50) StartupEvent event) {
        try {
            AuditJournal.Leftover leftover = AuditJournal.read(directory);
            AuditWriter started = new AuditWriter(AuditJournal.open(directory), leftover, chain, config.queue());
            writer = started;
            tell(leftover);
            LOG.infof("the audit's chain ends at %s", chain.head());
        } catch (IOException e) {
            throw new UncheckedIOException("the audit's journal in " + directory + " cannot be read or written", e);
        }
    }

    private void tell(AuditJournal.Leftover leftover) {
        if (leftover.damaged() > 0) {
            LOG.errorf("%d lines of the audit's journal in %s are damaged", leftover.damaged(), directory);
            system("audit.damage", String.valueOf(leftover.damaged()), "lines of the journal");
        }
        ChainHead known = leftover.head();
        if (known != null && !chain.has(known)) {
            LOG.errorf(
                    "the audit in the database does not hold %s, which this server wrote: it was restored from an older"
                            + " copy, cut off or written anew",
                    known);
            system("audit.gap", Long.toString(known.seq()), known.hex());
        }
    }

    private void system(String action, String id, String name) {
        var unused = record(AuditEntry.of(
                clock.instant(),
                AuditEntry.Actor.SYSTEM,
                null,
                action,
                new AuditEntry.Target("audit", id, name),
                Map.of()));
    }

    /**
     * Notes that something is about to be done. Does not block but for a write to the page cache.
     *
     * @throws BerthException {@code UNAVAILABLE}, or {@code NO_SPACE} on a full disk, if the audit cannot be written: then it must not be done
     */
    public AuditIntent begin(AuditEntry entry) {
        return new AuditIntent(entry, writer(), clock);
    }

    /**
     * Records something. Does not block but for a write to the page cache.
     *
     * @return completes when it is on disk
     * @throws BerthException {@code UNAVAILABLE}, or {@code NO_SPACE} on a full disk, if the audit cannot be written
     */
    public CompletionStage<Void> record(AuditEntry entry) {
        AuditWriter present = writer();
        present.requireWritable();
        present.finish(entry);
        return present.onDisk();
    }

    /** Records the end of something whose beginning is recorded: it is too late to refuse it. */
    public void recordEnd(AuditEntry entry) {
        writer().finish(entry);
    }

    /** Blocks until all that is recorded now can be read, or for a few seconds. @return whether it can */
    public boolean flush() {
        try {
            boolean all = writer().flush(FLUSH);
            if (!all) {
                LOG.warnf("the newest entries of the audit are not in the database after %s", FLUSH);
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private AuditWriter writer() {
        AuditWriter present = writer;
        if (present == null) {
            throw new BerthException(ErrorCode.UNAVAILABLE, "the server is starting: try again in a moment");
        }
        return present;
    }

    @Scheduled(every = "6h", delayed = "5m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void removeOld() {
        config.retention().ifPresent(this::prune);
    }

    /** Removes what is older than this. The chain itself tells of it first, so that nobody else can do the same unseen. */
    void prune(Duration olderThan) {
        repository.lastBefore(clock.instant().minus(olderThan)).ifPresent(last -> {
            system(ChainVerifier.PRUNE, Long.toString(last.seq()), last.hex());
            if (flush()) {
                int removed = repository.prune(last, clock.instant());
                LOG.infof(
                        "%d entries of the audit, up to %s, were older than %s and are removed",
                        removed, last, olderThan);
            }
        });
    }

    void onStop(@Observes ShutdownEvent event) {
        if (writer != null) {
            flush();
            LOG.infof("the audit's chain ends at %s", writer().head());
        }
    }

    @PreDestroy
    void close() throws IOException {
        AuditWriter present = writer;
        if (present != null) {
            present.close();
        }
    }
}
