package io.berth.engine;

import java.time.Instant;

/**
 * What a container's writable layer occupied at one time.
 *
 * @param at when the measurement ended
 */
public record DiskReading(ContainerId container, GroupId group, Instant at, DiskSize size) {}
