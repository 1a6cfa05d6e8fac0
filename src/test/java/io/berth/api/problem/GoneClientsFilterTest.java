package io.berth.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GoneClientsFilterTest {

    private static final String STREAMS = "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";

    private static boolean shows(String logger, @Nullable Throwable thrown) {
        LogRecord record = new LogRecord(Level.SEVERE, "Exception in SSE server handling");
        record.setLoggerName(logger);
        record.setThrown(thrown);
        return new GoneClientsFilter().isLoggable(record);
    }

    @Test
    void hidesThatAClientHasGone() {
        assertThat(shows(STREAMS, new HttpClosedException("Connection was closed")))
                .isFalse();
        assertThat(shows(STREAMS, new IOException(new ClosedChannelException())))
                .isFalse();
        assertThat(shows(STREAMS, new IOException("Broken pipe"))).isFalse();
        assertThat(shows(STREAMS, new IllegalArgumentException("Stream no longer exists: 13")))
                .isFalse();
    }

    @Test
    void hidesNothingElse() {
        assertThat(shows(STREAMS, new IllegalStateException("a fault"))).isTrue();
        assertThat(shows(STREAMS, null)).isTrue();
        assertThat(shows("io.berth.images.registry", new ClosedChannelException()))
                .isTrue();
    }
}
