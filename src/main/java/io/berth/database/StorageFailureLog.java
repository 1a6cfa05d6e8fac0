package io.berth.database;

import io.berth.common.StorageFailure;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Of failures because the disk is full, or the database has gone, one in some seconds is logged: everybody who stores something meets
 * them at once, and the log is often on the same disk.
 */
public final class StorageFailureLog implements Filter {

    private static final long EVERY = TimeUnit.SECONDS.toNanos(5);
    private static final String DRIVER_ERRORS = "org.hibernate.orm.jdbc";

    private final AtomicLong last = new AtomicLong(System.nanoTime() - EVERY);

    @Override
    public boolean isLoggable(LogRecord entry) {
        if (StorageFailure.of(entry.getThrown()).isEmpty() && !isDriverError(entry)) {
            return true;
        }
        long now = System.nanoTime();
        long before = last.get();
        return now - before >= EVERY && last.compareAndSet(before, now);
    }

    /** Hibernate tells the message by itself, and throws besides. */
    private static boolean isDriverError(LogRecord entry) {
        String logger = entry.getLoggerName();
        String message = String.valueOf(entry.getMessage());
        return logger != null
                && logger.startsWith(DRIVER_ERRORS)
                && (message.contains("No space left") || message.contains("onnection") || message.contains("FATAL"));
    }
}
