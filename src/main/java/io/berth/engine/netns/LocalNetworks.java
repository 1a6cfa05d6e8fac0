package io.berth.engine.netns;

import io.berth.common.Rollback;
import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import io.berth.engine.GroupId;
import io.berth.engine.HostLayout;
import io.berth.engine.netns.OwnerFiles.Lease;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Networks of this host: bridges, rules, veth pairs, network namespaces pinned below the run directory. What
 * it knows it can learn again: leases are files, device names tell addresses, reservations tell subnets.
 */
public final class LocalNetworks implements Networks {

    private static final Logger LOG = Logger.getLogger(LocalNetworks.class);
    private static final long ACQUIRE_SECONDS = 30;

    private final NetworkSettings settings;
    private final Names names;
    private final GroupLinks links;
    private final Firewall firewall;
    private final HostSubnets hostSubnets;
    private final SubnetReservations reservations;
    private final RememberedSubnets remembered;
    private final OwnerFiles ownerFiles;
    private final Slots slots;
    private final SlotWorkers workers;
    private final Map<GroupId, GroupNetwork> groups = new ConcurrentHashMap<>();
    private final Map<String, Lease> leases;
    /** Guards the making and removing of groups, and the firewall. */
    private final ReentrantLock administration = new ReentrantLock();

    /**
     * Starts two daemon threads; changes nothing on the host but directories below the run directory.
     *
     * @throws EngineException {@code HOST_INCOMPLETE} naming the package of a missing program
     * @throws IOException if the run directory cannot be used
     */
    public LocalNetworks(HostLayout layout, NetworkSettings settings, Syscalls syscalls) throws IOException {
        this(layout, settings, syscalls, NetworkSettings.Host.of(layout));
    }

    LocalNetworks(HostLayout layout, NetworkSettings settings, Syscalls syscalls, NetworkSettings.Host host)
            throws IOException {
        this.remembered = new RememberedSubnets(layout);
        this.settings = settings;
        this.names = new Names(layout.instance());
        HostCommands commands = new HostCommands(host.namespace());
        this.links = new GroupLinks(commands, names, host.devices());
        this.firewall = new Firewall(links, host.forwarding(), settings.denyPrivateEgress());
        this.hostSubnets = new HostSubnets(commands, names);
        this.reservations = new SubnetReservations(host.reservations(), layout.instance());
        this.ownerFiles = new OwnerFiles(layout.runDir().resolve("net"));
        this.leases = new ConcurrentHashMap<>(ownerFiles.load());
        Path pins = Files.createDirectories(layout.networkNamespaces());
        this.slots = new Slots(syscalls, host.namespace(), names, pins, host.devices());
        this.workers = new SlotWorkers(groups::values, slots);
    }

    @Override
    public void ensureGroup(GroupId group, Path userNamespace) throws IOException {
        Object key = namespaceKey(userNamespace);
        GroupNetwork known = groups.get(group);
        if (known != null && known.isActive(userNamespace, key) && links.exists(known.subnet())) {
            return;
        }
        administration.lock();
        try {
            firewall.ensure(groups.values());
            GroupNetwork network = groups.get(group);
            if (network == null) {
                Ipv4Subnet subnet = reservations.reserve(group, remembered.find(group), settings, hostSubnets.list());
                remembered.remember(group, subnet);
                network = load(group, subnet);
            }
            links.ensure(group, network.subnet());
            network.activate(userNamespace, key);
            groups.put(group, network);
        } finally {
            administration.unlock();
        }
        workers.removeSoon();
        workers.makeNow();
    }

    @Override
    public void removeGroup(GroupId group) throws IOException {
        administration.lock();
        try {
            GroupNetwork network = groups.get(group);
            Optional<Ipv4Subnet> subnet = network == null ? reservations.find(group) : Optional.of(network.subnet());
            if (network != null) {
                network.shut();
                network.making().lock(); // waits for the batch at hand, which is then removed with the rest
            }
            try {
                if (network != null) {
                    network.drain(Duration.ofSeconds(ACQUIRE_SECONDS));
                }
                for (Map.Entry<String, Lease> entry : Map.copyOf(leases).entrySet()) {
                    if (entry.getValue().group().equals(group)) {
                        forget(entry.getKey());
                    }
                }
                if (subnet.isPresent()) {
                    Ipv4Subnet range = subnet.get();
                    slots.remove(
                            slots.present().stream().filter(range::contains).toList());
                    firewall.apply(groups.values());
                    links.remove(range);
                }
                groups.remove(group);
                reservations.release(group);
                remembered.forget(group);
            } finally {
                if (network != null) {
                    network.making().unlock();
                }
            }
        } finally {
            administration.unlock();
        }
    }

    /** {@inheritDoc} An owner that has one gets the same again. */
    @Override
    public Sandbox acquire(GroupId group, String owner) throws IOException {
        Names.checkOwner(owner);
        GroupNetwork network = get(group);
        Lease held = leases.get(owner);
        if (held != null) {
            return sandbox(network, owned(group, owner, held).address());
        }
        int address = take(network);
        try (Rollback rollback = new Rollback()) {
            rollback.push("lease of " + owner, () -> giveUp(network, address));
            Lease lease = new Lease(group, address);
            Lease other = leases.putIfAbsent(owner, lease);
            if (other != null) { // two at once for one owner: the second gives its own back
                return sandbox(network, owned(group, owner, other).address());
            }
            rollback.push("owner " + owner, () -> leases.remove(owner, lease));
            ownerFiles.write(owner, lease);
            rollback.disarm();
        }
        if (network.isLow()) {
            workers.makeSoon();
        }
        return sandbox(network, address);
    }

    /** {@inheritDoc} The device and namespace go in the background, a tenth of a second later. */
    @Override
    public void release(GroupId group, String owner) throws IOException {
        Names.checkOwner(owner);
        Lease lease = leases.get(owner);
        if (lease == null || !lease.group().equals(group)) {
            return;
        }
        ownerFiles.delete(owner);
        if (leases.remove(owner, lease)) {
            GroupNetwork network = groups.get(group);
            if (network == null) {
                slots.remove(List.of(lease.address()));
            } else {
                giveUp(network, lease.address());
            }
        }
    }

    /**
     * {@inheritDoc} Only of this group, to be called before {@link #ensureGroup} at a start; {@link #retainGroups} does
     * it for groups that are no more.
     */
    @Override
    public void adopt(GroupId group, Set<String> owners) throws IOException {
        for (Map.Entry<String, Lease> entry : Map.copyOf(leases).entrySet()) {
            Lease lease = entry.getValue();
            if (lease.group().equals(group)) {
                boolean broken = !Files.exists(slots.device(lease.address()));
                if (broken) {
                    LOG.warnf("the network of %s in group %s is gone", entry.getKey(), group);
                }
                if (broken || !owners.contains(entry.getKey())) {
                    release(group, entry.getKey());
                }
            }
        }
        Optional<Ipv4Subnet> subnet = reservations.find(group);
        if (subnet.isPresent() && !groups.containsKey(group)) {
            slots.remove(orphans(subnet.get()));
        }
    }

    /** At a start: removes groups of this instance other than these, whatever a crash left of them. */
    public void retainGroups(Set<GroupId> kept) throws IOException {
        administration.lock();
        try {
            for (GroupId group : reservations.own().keySet()) {
                if (!kept.contains(group)) {
                    removeGroup(group);
                }
            }
            List<Ipv4Subnet> subnets = List.copyOf(reservations.own().values());
            slots.remove(slots.present().stream()
                    .filter(address -> subnets.stream().noneMatch(subnet -> subnet.contains(address)))
                    .toList());
            links.removeBridgesOutside(subnets);
        } finally {
            administration.unlock();
        }
    }

    @Override
    public void restoreRules() throws IOException {
        administration.lock();
        try {
            firewall.restoreIfGone(groups.values());
        } finally {
            administration.unlock();
        }
    }

    /** Removes everything of this instance from the host: groups, sandboxes in use, rules. */
    public void removeAll() throws IOException {
        administration.lock();
        try {
            retainGroups(Set.of());
            for (String owner : Set.copyOf(leases.keySet())) {
                forget(owner);
            }
            firewall.remove();
        } finally {
            slots.close();
            administration.unlock();
        }
    }

    @Override
    public long[] traffic(GroupId group, String owner) throws IOException {
        Lease lease = leases.get(Names.checkOwner(owner));
        if (lease == null) {
            throw new EngineException(Reason.NOT_FOUND, owner + " has no network in group " + group);
        }
        Path statistics = slots.device(owned(group, owner, lease).address()).resolve("statistics");
        // what the host's end sends, the container receives
        return new long[] {number(statistics.resolve("tx_bytes")), number(statistics.resolve("rx_bytes"))};
    }

    @Override
    public void close() {
        workers.close();
        List<Integer> unused = new ArrayList<>();
        groups.values().forEach(network -> unused.addAll(network.shut()));
        if (!workers.haveEnded()) {
            LOG.warn("the kernel does not end its work on network namespaces; the next start will empty their pools");
            return;
        }
        try {
            slots.remove(unused);
        } catch (IOException e) {
            LOG.warn("could not empty the pools of network namespaces; the next start will", e);
        }
        slots.close();
    }

    /** Stops the threads and leaves everything as it is, as a crash would. */
    void abandon() {
        workers.close();
        slots.close();
    }

    private GroupNetwork get(GroupId group) {
        GroupNetwork network = groups.get(group);
        if (network == null) {
            throw new EngineException(Reason.NOT_FOUND, "group " + group + " has no network");
        }
        return network;
    }

    private static Lease owned(GroupId group, String owner, Lease lease) {
        if (!lease.group().equals(group)) {
            throw new EngineException(
                    Reason.INVALID, owner + " has its network in group " + lease.group() + ", not in " + group);
        }
        return lease;
    }

    private Sandbox sandbox(GroupNetwork network, int address) {
        Ipv4Subnet subnet = network.subnet();
        return new Sandbox(
                slots.pin(address),
                Ipv4Subnet.format(address),
                Ipv4Subnet.format(subnet.gateway()),
                subnet.prefixLength());
    }

    private int take(GroupNetwork network) throws IOException {
        CompletableFuture<Integer> promise = network.take();
        if (!promise.isDone()) {
            workers.makeNow();
        }
        try {
            return promise.get(ACQUIRE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof EngineException refused) {
                throw new EngineException(refused.reason(), String.valueOf(refused.getMessage()), refused);
            }
            throw new IOException("no network for a container of group " + network.group(), cause);
        } catch (InterruptedException | TimeoutException e) {
            if (!promise.cancel(false)) {
                network.putBack(promise.join());
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("no network namespace for group " + network.group() + " came in time", e);
        }
    }

    private void giveUp(GroupNetwork network, int address) {
        network.doom(address);
        workers.removeSoon();
    }

    private void forget(String owner) throws IOException {
        ownerFiles.delete(owner);
        leases.remove(owner);
    }

    /** The group as a former run of the server left it: leases stay, all else goes. */
    private GroupNetwork load(GroupId group, Ipv4Subnet subnet) throws IOException {
        GroupNetwork network = new GroupNetwork(group, subnet, settings);
        for (Map.Entry<String, Lease> entry : Map.copyOf(leases).entrySet()) {
            if (entry.getValue().group().equals(group)) {
                if (subnet.contains(entry.getValue().address())) {
                    network.occupy(entry.getValue().address());
                } else {
                    forget(entry.getKey());
                }
            }
        }
        orphans(subnet).forEach(network::doom);
        return network;
    }

    private List<Integer> orphans(Ipv4Subnet subnet) throws IOException {
        Set<Integer> orphans = slots.present();
        orphans.removeIf(address -> !subnet.contains(address));
        leases.values().forEach(lease -> orphans.remove(lease.address()));
        return List.copyOf(orphans);
    }

    private static Object namespaceKey(Path userNamespace) throws IOException {
        Object inode = Files.getAttribute(userNamespace, "unix:ino");
        return inode == null ? userNamespace : inode;
    }

    private static long number(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }
}
