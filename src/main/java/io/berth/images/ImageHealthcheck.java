package io.berth.images;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an image says that its container's health is told, as {@code HEALTHCHECK} writes it. What it leaves out is for the reader to
 * fill in.
 *
 * @param command with its shell, if it is for one; never empty
 * @param interval between two checks
 * @param timeout after which a check has failed
 * @param startPeriod in which failures do not count
 * @param retries failures in a row that make it unhealthy
 */
public record ImageHealthcheck(
        List<String> command,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Duration startPeriod,
        @Nullable Integer retries) {

    public ImageHealthcheck {
        command = List.copyOf(command);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a health check needs a command");
        }
    }
}
