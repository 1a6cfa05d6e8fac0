package io.berth.engine;

/**
 * A group and its ceiling.
 *
 * @param id the group
 * @param limits hold all containers of the group together, whatever their own limits add up to
 */
public record GroupSpec(GroupId id, ResourceLimits limits) {}
