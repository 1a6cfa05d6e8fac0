package io.berth.audit;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Something that is about to be done. If the server ends before {@link #end}, the next one records that it was begun and that
 * nobody knows what came of it. Thread-safe.
 */
public final class AuditIntent {

    private final AuditEntry begun;
    private final CompletionStage<Void> onDisk;
    private final AuditWriter writer;
    private final Clock clock;
    private final AtomicBoolean ended = new AtomicBoolean();

    AuditIntent(AuditEntry begun, AuditWriter writer, Clock clock) {
        this.begun = begun;
        this.onDisk = writer.begin(begun);
        this.writer = writer;
        this.clock = clock;
    }

    public AuditEntry begun() {
        return begun;
    }

    /** Completes when the intent is on disk: before that, nobody may be told that it was done. */
    public CompletionStage<Void> onDisk() {
        return onDisk;
    }

    /** Records what came of it; only the first call counts. Does not block but for a write to the page cache. */
    public void end(AuditEntry.Target object, AuditEntry.Result result, Map<String, String> details) {
        if (ended.compareAndSet(false, true)) {
            writer.finish(begun.ended(clock.instant(), object, result, details));
        }
    }
}
