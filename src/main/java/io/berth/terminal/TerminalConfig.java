package io.berth.terminal;

import io.berth.common.WholeNumber;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Bounds of streams over WebSocket. */
@ConfigMapping(prefix = "berth.streams")
public interface TerminalConfig {

    /** A stream on which nothing passes for so long is closed with 4408. Absent: never. */
    Optional<Duration> idleTimeout();

    /** How often a client is pinged. One that answers nothing for twice as long is let go. */
    @WithDefault("20s")
    Duration pingInterval();

    /** How long a process's stream is kept ready after its last client has left. */
    @WithDefault("5s")
    Duration linger();

    /** How long a process on plain pipes, whose output nobody else keeps, may wait for its first or next client. */
    @WithDefault("60s")
    Duration execLinger();

    /** Clients of one process at a time. */
    @WithDefault("32")
    @WithConverter(WholeNumber.UpToThousand.class)
    int clientsPerProcess();

    /** Clients of the whole server at a time; a tenant has a quarter of it at most, a credential an eighth. */
    @WithDefault("2000")
    @WithConverter(WholeNumber.Positive.class)
    int clients();

    /** What is kept of each process's output for late and slow clients. */
    @WithDefault("1M")
    MemorySize replay();

    /** Largest message a client may send. */
    @WithDefault("1M")
    MemorySize maxMessage();

    /** Origins of web pages, such as {@code https://console.example}, that may open streams besides the server's own. */
    Optional<List<String>> allowedOrigins();
}
