package io.berth.usage;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was used of one resource in one step.
 *
 * @param at when the step begins
 * @param key id of the container, or name of the tenant; {@code null} if they are added up
 * @param name of the container, as far as it is known
 * @param amount in the resource's smallest unit
 */
public record UsageRow(
        Instant at, @Nullable String key, @Nullable String name, MeteredResource resource, double amount) {}
