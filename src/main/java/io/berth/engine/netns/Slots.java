package io.berth.engine.netns;

import static io.berth.engine.syscall.Flags.MNT_DETACH;
import static io.berth.engine.syscall.Flags.MS_BIND;

import io.berth.common.Rollback;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Makes and removes slots: a network namespace pinned to a file, with loopback and {@code eth0} up, joined to the
 * group's bridge. A slot is known by its address alone. Many at once cost little more than one.
 */
final class Slots implements AutoCloseable {

    private static final long DEADLINE_SECONDS = 20;
    private static final long POLL_NANOS = 200_000;
    private static final String FORWARDING = "3"; // BR_STATE_FORWARDING of linux/if_bridge.h

    private final Syscalls syscalls;
    private final RouteSocket host;
    /** The kernel takes its time to delete devices, for which nobody who waits for a new one has to. */
    private final RouteSocket removals;

    private final NetworkSysctls sysctls;

    private final InsideProcess.Programs programs;
    private final Names names;
    private final Path pins;
    private final Path devices;
    private final boolean ipv6 = Ipv6.isThere();

    /**
     * @param namespace the host's network namespace
     * @param pins directory for those of the slots
     * @param devices {@code /sys/class/net} of the host
     */
    Slots(Syscalls syscalls, Path namespace, Names names, Path pins, Path devices) {
        this.syscalls = syscalls;
        this.host = new RouteSocket(syscalls, namespace);
        this.removals = new RouteSocket(syscalls, namespace);
        this.sysctls = new NetworkSysctls(syscalls);
        this.programs = InsideProcess.Programs.find();
        this.names = names;
        this.pins = pins;
        this.devices = devices;
    }

    Path pin(int address) {
        return pins.resolve(names.veth(address));
    }

    Path device(int address) {
        return devices.resolve(names.veth(address));
    }

    /**
     * Makes a slot for each address; all or none.
     *
     * @param userNamespace pinned file; owns the new namespaces
     */
    void make(Path userNamespace, Ipv4Subnet subnet, List<Integer> addresses) throws IOException {
        List<InsideProcess> inside = new ArrayList<>();
        try (Rollback rollback = new Rollback()) {
            rollback.push("slots " + addresses.size() + " of " + subnet, () -> remove(addresses));
            rollback.push("processes", () -> inside.forEach(InsideProcess::close));
            for (int i = 0; i < addresses.size(); i++) {
                inside.add(InsideProcess.start(syscalls, programs, userNamespace));
            }
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                    () -> inside.forEach(InsideProcess::kill),
                    CompletableFuture.delayedExecutor(DEADLINE_SECONDS, TimeUnit.SECONDS));
            try {
                connect(subnet, addresses, inside);
            } finally {
                deadline.cancel(false);
            }
            rollback.disarm();
        } finally {
            inside.forEach(InsideProcess::close);
        }
    }

    private void connect(Ipv4Subnet subnet, List<Integer> addresses, List<InsideProcess> inside) throws IOException {
        int bridge = host.index(names.bridge(subnet));
        List<RouteMessage> pairs = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            int address = addresses.get(i);
            inside.get(i).awaitNamespace();
            pairs.add(RouteMessage.newVeth(
                    names.veth(address),
                    bridge,
                    Names.mac(address),
                    inside.get(i).pid()));
            // an address there would be of no use, and its routes make the removal of each device slower
            pairs.addAll(RouteMessage.linkUpWithoutIpv6(names.veth(address), ipv6));
        }
        host.run(pairs);
        for (int i = 0; i < addresses.size(); i++) {
            int address = addresses.get(i);
            pin(inside.get(i).pid(), pin(address));
            configure(pin(address), subnet, address);
            sysctls.set(pin(address), inside.get(i).firstId());
        }
        for (int address : addresses) {
            awaitForwarding(address);
        }
    }

    /** IPv6 gets no address on {@code eth0}: the firewall lets none of it pass. Loopback keeps ::1. */
    private void configure(Path namespace, Ipv4Subnet subnet, int address) throws IOException {
        try (RouteSocket inside = new RouteSocket(syscalls, namespace)) {
            int eth0 = inside.index("eth0");
            List<RouteMessage> requests = new ArrayList<>();
            requests.add(RouteMessage.linkUp("lo"));
            requests.add(RouteMessage.newAddress(eth0, address, subnet));
            requests.addAll(RouteMessage.linkUpWithoutIpv6("eth0", ipv6));
            requests.add(RouteMessage.newDefaultRoute(eth0, subnet.gateway()));
            inside.run(requests);
        }
    }

    /**
     * The kernel opens a bridge's port a moment after both ends of the pair are up. A container that speaks before that
     * loses its first ARP request, and a second.
     */
    private void awaitForwarding(int address) throws IOException {
        Path state = device(address).resolve("brport/state");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!Files.readString(state).strip().equals(FORWARDING)) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("the port " + names.veth(address) + " of its bridge does not begin to forward");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void pin(long pid, Path pin) throws IOException {
        try {
            Files.createFile(pin);
        } catch (FileAlreadyExistsException leftByACrash) {
            unpin(pin);
            Files.createFile(pin);
        }
        syscalls.mount("/proc/" + pid + "/ns/net", pin, "none", MS_BIND, null);
    }

    private void unpin(Path pin) throws IOException {
        try {
            while (true) { // a crash may have left one mount upon another
                syscalls.umount(pin, MNT_DETACH);
            }
        } catch (ErrnoException e) {
            if (!e.is("EINVAL") && !e.is("ENOENT")) {
                throw e;
            }
        }
        Files.deleteIfExists(pin);
    }

    /**
     * As {@link #tryRemove}.
     *
     * @throws IOException if one is still there; the others are gone
     */
    void remove(Collection<Integer> addresses) throws IOException {
        for (IOException left : tryRemove(addresses).values()) {
            throw left;
        }
    }

    /**
     * Removes the slots of these addresses, or what there is of them. Devices go first, by one request for all: the
     * kernel then waits once, and connections end even if something still holds the namespace.
     *
     * @return those that are still there, and why
     */
    Map<Integer, IOException> tryRemove(Collection<Integer> addresses) {
        List<RouteMessage> requests = new ArrayList<>();
        for (int address : addresses) {
            if (Files.exists(device(address))) {
                requests.add(RouteMessage.linkGroup(names.veth(address), names.deviceGroup()));
            }
        }
        IOException failed = null;
        if (!requests.isEmpty()) {
            requests.add(RouteMessage.deleteLinks(names.deviceGroup()));
            try {
                removals.run(requests);
            } catch (IOException e) {
                failed = e; // some may have gone by themselves: what is still there is looked at
            }
        }
        Map<Integer, IOException> left = new LinkedHashMap<>();
        for (int address : addresses) {
            try {
                unpin(pin(address));
                if (Files.exists(device(address))) {
                    throw new IOException("device " + names.veth(address) + " cannot be deleted");
                }
            } catch (IOException e) {
                if (failed != null) {
                    e.addSuppressed(failed);
                }
                left.put(address, e);
            }
        }
        return left;
    }

    /** Addresses of this instance of which a device or a pin is there, whole or not. */
    Set<Integer> present() throws IOException {
        Set<Integer> present = new TreeSet<>();
        for (Path directory : List.of(devices, pins)) {
            try (Stream<Path> entries = Files.list(directory)) {
                entries.forEach(entry ->
                        names.addressOfVeth(entry.getFileName().toString()).ifPresent(present::add));
            } catch (NoSuchFileException none) {
                // no slot was ever made
            }
        }
        return present;
    }

    @Override
    public void close() {
        host.close();
        removals.close();
        sysctls.close();
    }
}
