package io.berth.api.problem;

import java.util.List;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logging.Logger;

/**
 * Makes one line at DEBUG of what Quarkus logs as an error, with its stack, when a client leaves while it is being answered: anybody
 * may leave, and so fill the log.
 */
public final class GoneClientsFilter implements Filter {

    private static final Logger LOG = Logger.getLogger(GoneClientsFilter.class);
    private static final List<String> HTTP =
            List.of("org.jboss.resteasy.reactive.", "io.quarkus.vertx.http.", "io.vertx.ext.web.");

    @Override
    public boolean isLoggable(LogRecord record) {
        String name = record.getLoggerName();
        Throwable thrown = record.getThrown();
        if (name == null || thrown == null || HTTP.stream().noneMatch(name::startsWith) || !ClientGone.is(thrown)) {
            return true;
        }
        LOG.debugf("the client has gone: %s", thrown.getMessage());
        return false;
    }
}
