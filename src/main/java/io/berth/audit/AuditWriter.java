package io.berth.audit;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the audit. What is begun and what is over goes into the journal at once; one thread forces it to disk for all
 * who wait, another carries what is over into the chain, many at a time. If either cannot be done, nothing new may begin.
 */
final class AuditWriter implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(AuditWriter.class);
    private static final int MOST_AT_ONCE = 1000;
    private static final Duration GATHERED = Duration.ofMillis(200);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final AuditJournal journal;
    private final AuditChain chain;
    private final int mostWaiting;
    private final Map<String, AuditEntry> open = new LinkedHashMap<>();
    private final Deque<AuditEntry> ended = new ArrayDeque<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final Thread forcer;
    private final Thread carrier;

    private long endedCount;
    private long carriedCount;
    private boolean hurry;
    private boolean perhapsThere;
    private boolean oldSegments;
    private boolean closed;
    private @Nullable String journalFailure;
    private @Nullable String chainFailure;
    private @Nullable ChainHead head;

    private record Waiter(long place, CompletableFuture<Void> onDisk) {}

    /**
     * Goes on where an earlier server ended: what that one had begun and not ended is told as {@link Outcome#UNKNOWN}.
     *
     * @param mostWaiting entries that may wait for the database before changes are refused
     */
    AuditWriter(AuditJournal journal, AuditJournal.Leftover leftover, AuditChain chain, int mostWaiting) {
        this.journal = journal;
        this.chain = chain;
        this.mostWaiting = mostWaiting;
        this.head = leftover.head();
        this.perhapsThere = true;
        this.oldSegments = true;
        if (leftover.head() != null) {
            note(new JournalRecord.Head(leftover.head().toString()));
        }
        leftover.ended().forEach(this::finish);
        leftover.open().values().forEach(entry -> finish(entry.withResult(AuditEntry.Result.UNKNOWN)));
        forcer = thread("berth-audit-journal", this::forceForAll);
        carrier = thread("berth-audit-chain", this::carry);
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /**
     * Notes that something is about to be done. Does not block but for a write to the page cache.
     *
     * @return completes when the note is on disk
     * @throws BerthException as {@link #requireWritable}: then it must not be done
     */
    synchronized CompletionStage<Void> begin(AuditEntry entry) {
        requireWritable();
        if (!note(new JournalRecord.Begun(entry))) {
            throw unavailable("its journal cannot be written");
        }
        open.put(entry.id(), entry);
        return onDisk();
    }

    /** Notes that it is over, begun or not. Never fails: what cannot go into the journal goes into the database all the same. */
    synchronized void finish(AuditEntry entry) {
        open.remove(entry.id());
        ended.add(entry);
        endedCount++;
        notifyAll();
        note(new JournalRecord.Ended(entry));
    }

    /** Completes when all that was noted so far is on disk. */
    synchronized CompletionStage<Void> onDisk() {
        CompletableFuture<Void> onDisk = new CompletableFuture<>();
        waiters.add(new Waiter(journal.appended(), onDisk));
        notifyAll();
        return onDisk;
    }

    /** Passes if something new may begin. @throws BerthException {@code UNAVAILABLE}, or {@code NO_SPACE} on a full disk */
    synchronized void requireWritable() {
        if (journalFailure != null) {
            throw journalFailure.contains("No space left")
                    ? new BerthException(
                            ErrorCode.NO_SPACE, "the host's disk is full: not even the audit can record a change")
                    : unavailable("its journal cannot be written");
        }
        if (ended.size() + open.size() >= mostWaiting) {
            throw unavailable(
                    chainFailure == null
                            ? mostWaiting + " entries wait to be written"
                            : "the database does not take it");
        }
    }

    private static BerthException unavailable(String why) {
        return new BerthException(
                ErrorCode.UNAVAILABLE,
                "changes are refused, because the audit cannot record them (" + why
                        + "): try again in a moment; the server's log tells more");
    }

    private boolean note(JournalRecord line) {
        try {
            journal.append(line);
            return true;
        } catch (IOException e) {
            failed(e);
            return false;
        }
    }

    private void failed(IOException e) {
        if (journalFailure == null) {
            LOG.error("the audit's journal cannot be written: changes are refused until it can", e);
        }
        journalFailure = String.valueOf(e.getMessage());
        notifyAll();
    }

    private void forceForAll() {
        try {
            while (awaitWaiters()) {
                try {
                    forceOnce();
                } catch (IOException e) {
                    pauseAfter(e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void pauseAfter(IOException e) throws InterruptedException {
        failed(e);
        wait(RETRY.toMillis());
    }

    private synchronized boolean awaitWaiters() throws InterruptedException {
        while (!closed && waiters.isEmpty() && journalFailure == null && !journal.isFull()) {
            wait();
        }
        return !closed;
    }

    private void forceOnce() throws IOException {
        boolean anew;
        synchronized (this) {
            anew = journalFailure != null || journal.isFull();
        }
        if (anew) {
            // what could not be forced once may never be: it is all written again
            Segment next = journal.prepare();
            synchronized (this) {
                journal.change(next, stillOfUse());
                oldSegments = true;
            }
        }
        long place;
        synchronized (this) {
            place = journal.appended();
        }
        journal.force();
        List<Waiter> done = new ArrayList<>();
        boolean drop;
        synchronized (this) {
            if (anew && journalFailure != null) {
                LOG.info("the audit's journal can be written again");
                journalFailure = null;
            }
            drop = oldSegments;
            oldSegments = false;
            for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
                Waiter waiter = all.next();
                if (waiter.place() <= place) {
                    done.add(waiter);
                    all.remove();
                }
            }
        }
        done.forEach(waiter -> waiter.onDisk().complete(null));
        if (drop) {
            journal.dropOld();
            keepSpare();
        }
    }

    private void keepSpare() {
        try {
            journal.keepSpare();
        } catch (IOException e) {
            // it is tried again when the next segment begins
            LOG.warnf("the audit's journal has no room in advance: %s", e.toString());
        }
    }

    private List<JournalRecord> stillOfUse() {
        List<JournalRecord> records = new ArrayList<>();
        if (head != null) {
            records.add(new JournalRecord.Head(head.toString()));
        }
        open.values().forEach(entry -> records.add(new JournalRecord.Begun(entry)));
        ended.forEach(entry -> records.add(new JournalRecord.Ended(entry)));
        return records;
    }

    private void carry() {
        try {
            List<AuditEntry> batch;
            while (!(batch = awaitEnded()).isEmpty()) {
                carry(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next that are over, gathered for a moment; none when this closes. */
    private synchronized List<AuditEntry> awaitEnded() throws InterruptedException {
        long deadline = 0;
        while (!closed && !(hurry && !ended.isEmpty()) && ended.size() < MOST_AT_ONCE) {
            if (ended.isEmpty()) {
                hurry = false;
                wait();
                continue;
            }
            long now = System.nanoTime();
            if (deadline == 0) {
                deadline = now + GATHERED.toNanos();
            }
            long left = (deadline - now) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        return closed ? List.of() : ended.stream().limit(MOST_AT_ONCE).toList();
    }

    @SuppressWarnings("CatchingUnchecked") // whatever keeps the database from taking it, it is tried again
    private void carry(List<AuditEntry> batch) throws InterruptedException {
        try {
            ChainHead reached = chain.append(batch, perhapsThere);
            synchronized (this) {
                perhapsThere = false;
                chainFailure = null;
                head = reached;
                carriedCount += batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    ended.remove();
                }
                note(new JournalRecord.Head(reached.toString()));
                notifyAll();
            }
        } catch (RuntimeException e) {
            synchronized (this) {
                if (chainFailure == null && !closed) {
                    LOG.error("the audit cannot be written to the database; it is kept in the journal meanwhile", e);
                }
                chainFailure = String.valueOf(e.getMessage());
                perhapsThere = true;
                wait(RETRY.toMillis());
            }
        }
    }

    /**
     * Blocks until everything that is over now is in the database.
     *
     * @return whether it is, after the time
     */
    synchronized boolean flush(Duration atMost) throws InterruptedException {
        long wanted = endedCount;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (carriedCount < wanted) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0 || closed) {
                return false;
            }
            hurry = true;
            notifyAll();
            wait(left);
        }
        return true;
    }

    /** The last end of the chain that this writer knows of; {@code null} if it has written nothing. */
    synchronized @Nullable ChainHead head() {
        return head;
    }

    /** Ends the threads. What is not in the database stays in the journal for the next server. */
    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            forcer.join(5000);
            carrier.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            boolean carried = journalFailure == null && ended.isEmpty() && open.isEmpty();
            journalFailure = "closed";
            try (journal) {
                if (carried) {
                    leaveNothingToRead();
                }
            }
        }
    }

    /** The next server reads what is in the journal before it serves, and all of this one is in the database. */
    private void leaveNothingToRead() throws IOException {
        journal.change(journal.prepare(), stillOfUse());
        journal.force();
        journal.dropOld();
    }
}
