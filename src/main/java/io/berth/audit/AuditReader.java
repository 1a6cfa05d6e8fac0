package io.berth.audit;

import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.audit.store.AuditRepository;
import io.berth.audit.store.StoredChain;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the audit: whatever was answered before can be read. Methods block. */
@ApplicationScoped
public class AuditReader {

    private static final int EXPORTS_AT_ONCE = 4;
    private static final int ROWS_AT_ONCE = 500;

    private final AuditLog log;
    private final AuditRepository repository;
    private final StoredChain chain;
    private final Semaphore exports = new Semaphore(EXPORTS_AT_ONCE);

    AuditReader(AuditLog log, AuditRepository repository, StoredChain chain) {
        this.log = log;
        this.repository = repository;
        this.chain = chain;
    }

    /** Newest first. @throws BerthException {@code INVALID_CURSOR} */
    public Page<ChainedEntry> page(AuditQuery query, PageRequest page) {
        log.flush();
        return Page.of(
                repository.find(query, before(page), page.limit() + 1), page, entry -> Long.toString(entry.seq()));
    }

    /**
     * All of them after the page's cursor, newest first, in bounded memory and without holding a transaction.
     *
     * @param sink gets some at a time
     * @throws BerthException {@code RATE_LIMITED} while too many are being exported
     */
    public void export(AuditQuery query, PageRequest page, Consumer<List<ChainedEntry>> sink) {
        Long before = before(page);
        if (!exports.tryAcquire()) {
            throw new BerthException(
                    ErrorCode.RATE_LIMITED, EXPORTS_AT_ONCE + " exports are running: try again when one has ended");
        }
        try {
            log.flush();
            List<ChainedEntry> found;
            do {
                found = repository.find(query, before, ROWS_AT_ONCE);
                if (!found.isEmpty()) {
                    sink.accept(found);
                    before = found.get(found.size() - 1).seq();
                }
            } while (found.size() == ROWS_AT_ONCE);
        } finally {
            exports.release();
        }
    }

    /** Where the chain ends now. */
    public ChainHead head() {
        log.flush();
        return chain.head();
    }

    private static @Nullable Long before(PageRequest page) {
        try {
            return page.after() == null ? null : Long.valueOf(page.after());
        } catch (NumberFormatException e) {
            throw new BerthException(
                    ErrorCode.INVALID_CURSOR, "not a cursor of this list: take 'next' of the page before");
        }
    }
}
