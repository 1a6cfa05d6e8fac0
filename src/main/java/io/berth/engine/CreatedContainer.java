package io.berth.engine;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container that was just made.
 *
 * @param pid of the main process, on the host
 * @param ipAddress in its group's network
 * @param phases how long each step took, in the order they ran
 */
public record CreatedContainer(int pid, @Nullable String ipAddress, Map<String, Duration> phases) {}
