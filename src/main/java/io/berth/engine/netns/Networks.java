package io.berth.engine.netns;

import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/**
 * Gives each group a bridge with a subnet, and each container a network namespace on it. Thread-safe. What it makes
 * survives the server; {@link #adopt} finds it again.
 */
public interface Networks extends AutoCloseable {

    /**
     * Makes the group's bridge, subnet, NAT and firewall rules, and begins to fill its pool of ready namespaces.
     * Repeatable.
     *
     * @param userNamespace pinned user namespace of the group, which is to own the network namespaces, so that root in
     *     a container may use what its capabilities allow in its own network
     */
    void ensureGroup(GroupId group, Path userNamespace) throws IOException;

    void removeGroup(GroupId group) throws IOException;

    /** Takes a namespace from the pool, or makes one. Connected, addressed, loopback up. */
    Sandbox acquire(GroupId group, String owner) throws IOException;

    /** Removes a sandbox: its namespace, device and rules. Repeatable. */
    void release(GroupId group, String owner) throws IOException;

    /** After a restart: keeps the sandboxes of these owners and removes every other trace of the group's. */
    void adopt(GroupId group, Set<String> owners) throws IOException;

    /**
     * Applies all rules again if they are gone: an administrator's {@code nft flush ruleset} or a restart of another
     * firewall takes Berth's along. Costs some milliseconds when they are there.
     */
    void restoreRules() throws IOException;

    /** Bytes the container has received and sent: two numbers. */
    long[] traffic(GroupId group, String owner) throws IOException;

    /** Empties the pools. Sandboxes in use stay. */
    @Override
    void close();

    /**
     * A container's place in its group's network.
     *
     * @param namespace pinned network namespace file
     * @param gateway the bridge's address
     * @param prefixLength of the subnet
     */
    record Sandbox(Path namespace, String ipAddress, String gateway, int prefixLength) {}
}
