package io.berth.api.problem;

import io.berth.database.StorageFailureLog;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/** What the log is spared, since a handler takes one filter: see {@link GoneClientsFilter} and {@link StorageFailureLog}. */
@LoggingFilter(name = "console")
public final class ConsoleFilter implements Filter {

    private final GoneClientsFilter goneClients = new GoneClientsFilter();
    private final StorageFailureLog storageFailures = new StorageFailureLog();

    @Override
    public boolean isLoggable(LogRecord entry) {
        return goneClients.isLoggable(entry) && storageFailures.isLoggable(entry);
    }
}
