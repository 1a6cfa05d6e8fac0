package io.berth.engine.netns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import org.jboss.logging.Logger;

/**
 * The instance's rules on the host, which others on it may take away: {@code nft flush ruleset} is a common command. That
 * is found out by the tables, which are gone then. Not thread-safe.
 */
final class Firewall {

    private static final Logger LOG = Logger.getLogger(Firewall.class);

    private final GroupLinks links;
    private final Path forwarding;
    private final boolean denyPrivate;
    private boolean ready;
    /** Some group has not got its rules again yet, which the tables alone do not show. */
    private boolean incomplete;

    /**
     * @param forwarding {@code /proc/sys/net/ipv4/ip_forward}
     * @param denyPrivate whether containers may not reach private addresses outside their own group
     */
    Firewall(GroupLinks links, Path forwarding, boolean denyPrivate) {
        this.links = links;
        this.forwarding = forwarding;
        this.denyPrivate = denyPrivate;
    }

    /** Sees to it that the rules are there before a group is. */
    void ensure(Collection<GroupNetwork> groups) throws IOException {
        HostForwarding.ensure(forwarding);
        if (!ready) {
            links.ensureFirewall(denyPrivate);
            ready = true;
        }
        restoreIfGone(groups);
    }

    /** Applies the rules in any case, also for groups that only the host knows of. */
    void apply(Collection<GroupNetwork> groups) throws IOException {
        restoreIfGone(groups); // first, or their loss would not be seen any more
        links.ensureFirewall(denyPrivate);
    }

    /** Applies what was taken away again; a group that cannot get its rules keeps no other from them. */
    void restoreIfGone(Collection<GroupNetwork> groups) throws IOException {
        if (groups.isEmpty() || !incomplete && links.firewallExists()) {
            return;
        }
        LOG.warn("the firewall's rules were taken away by somebody: applied again");
        incomplete = true;
        HostForwarding.ensure(forwarding);
        links.ensureFirewall(denyPrivate);
        boolean all = true;
        for (GroupNetwork network : groups) {
            try {
                links.ensure(network.group(), network.subnet());
            } catch (IOException e) {
                all = false;
                LOG.errorf(e, "group %s has no rules yet, and no network", network.group());
            }
        }
        incomplete = !all;
    }

    void remove() throws IOException {
        links.removeFirewall();
        ready = false;
        incomplete = false;
    }
}
