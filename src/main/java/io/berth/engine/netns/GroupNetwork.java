package io.berth.engine.netns;

import io.berth.engine.EngineException;
import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One group's addresses and ready slots: bookkeeping only, thread-safe, never blocking. Workers ask it what to make and
 * what to remove, and tell it how that went. Every address is free, being made, ready, in use, or doomed.
 */
final class GroupNetwork {

    /** Slots made at once: enough to share the costs, few enough that the first waiter is not kept. */
    private static final int BATCH = 8;

    private static final long RETRY_NANOS = Duration.ofSeconds(5).toNanos();

    private final GroupId group;
    private final Ipv4Subnet subnet;
    private final NetworkSettings settings;
    private final AddressQueue addresses;
    private final Deque<Integer> ready = new ArrayDeque<>();
    private final Deque<CompletableFuture<Integer>> waiting = new ArrayDeque<>();
    private final List<Integer> doomed = new ArrayList<>();
    private final ReentrantLock making = new ReentrantLock();
    private @Nullable Path userNamespace;
    private @Nullable Object userNamespaceKey;
    private int target;
    private int inFlight;
    private int removing;
    private boolean closed;
    private boolean drained;
    private long lastUse = System.nanoTime();
    private long makeAgainAt = lastUse;
    private long removeAgainAt = lastUse;

    GroupNetwork(GroupId group, Ipv4Subnet subnet, NetworkSettings settings) {
        this.group = group;
        this.subnet = subnet;
        this.settings = settings;
        this.addresses = new AddressQueue(subnet);
        this.target = settings.readySlots();
    }

    /** Addresses to make slots for, and who is to own them. */
    record Batch(Path userNamespace, List<Integer> addresses) {}

    GroupId group() {
        return group;
    }

    Ipv4Subnet subnet() {
        return subnet;
    }

    /** Held while slots are made, so that a group is not removed under them. */
    ReentrantLock making() {
        return making;
    }

    /** Whether slots for this very user namespace are being made. */
    synchronized boolean isActive(Path file, Object key) {
        return !closed && file.equals(userNamespace) && key.equals(userNamespaceKey);
    }

    /** Begins to make slots. Those ready for another user namespace are given up. */
    synchronized void activate(Path file, Object key) {
        if (userNamespaceKey != null && !userNamespaceKey.equals(key)) {
            doomed.addAll(ready);
            ready.clear();
        }
        userNamespace = file;
        userNamespaceKey = key;
        makeAgainAt = System.nanoTime();
    }

    /** A slot found in use after a restart. */
    synchronized void occupy(int address) {
        addresses.occupy(address);
    }

    /** A slot that is to be removed, known to be in use or found without an owner. */
    synchronized void doom(int address) {
        addresses.occupy(address);
        doomed.add(address);
    }

    /** A ready slot, or the promise of one; a promise the caller no longer wants is to be cancelled. */
    synchronized CompletableFuture<Integer> take() {
        lastUse = System.nanoTime();
        if (closed || userNamespace == null) {
            return CompletableFuture.failedFuture(
                    new EngineException(EngineException.Reason.NOT_FOUND, "group " + group + " has no network"));
        }
        Integer slot = ready.poll();
        if (slot != null) {
            return CompletableFuture.completedFuture(slot);
        }
        target = Math.min(settings.maxReadySlots(), Math.max(1, target * 2));
        CompletableFuture<Integer> promise = new CompletableFuture<>();
        waiting.add(promise);
        return promise;
    }

    synchronized boolean isAwaited() {
        return waiting.stream().anyMatch(promise -> !promise.isDone());
    }

    /** Whether somebody waits for an address that only a removal can give. To be asked when there is nothing to be made. */
    synchronized boolean awaitsRemoval() {
        return isAwaited() && inFlight == 0 && !doomed.isEmpty();
    }

    synchronized boolean isLow() {
        return ready.size() < target;
    }

    /** What is to be made now, or {@code null}. Must be answered by {@link #made} or {@link #failed}. */
    synchronized @Nullable Batch nextBatch() {
        waiting.removeIf(CompletableFuture::isDone);
        long now = System.nanoTime();
        if (closed || userNamespace == null || inFlight > 0 || (waiting.isEmpty() && now - makeAgainAt < 0)) {
            return null;
        }
        int wanted = Math.min(BATCH, waiting.size() + target - ready.size());
        List<Integer> batch = new ArrayList<>();
        while (batch.size() < wanted) {
            OptionalInt address = addresses.take();
            if (address.isEmpty()) {
                break;
            }
            batch.add(address.getAsInt());
        }
        if (batch.isEmpty()) {
            if (wanted > 0 && doomed.isEmpty() && removing == 0) {
                fail(new EngineException(
                        EngineException.Reason.EXHAUSTED,
                        "all " + subnet.containers() + " addresses of the subnet " + subnet + " of group " + group
                                + " are in use: delete containers of the group"));
            }
            return null;
        }
        inFlight = batch.size();
        return new Batch(userNamespace, batch);
    }

    synchronized void made(Batch batch) {
        inFlight = 0;
        boolean wanted = !closed && batch.userNamespace.equals(userNamespace);
        for (int address : batch.addresses) {
            if (!wanted) {
                doomed.add(address);
            } else if (!handOver(address)) {
                ready.add(address);
            }
        }
    }

    /** Nothing was made: who waits gets the error, and nothing is tried for a while unless somebody asks. */
    synchronized void failed(Batch batch, Throwable cause) {
        inFlight = 0;
        batch.addresses.forEach(addresses::giveBack);
        makeAgainAt = System.nanoTime() + RETRY_NANOS;
        fail(cause);
    }

    /** What is to be removed now. Must be answered by {@link #removed} or {@link #notRemoved}. */
    synchronized List<Integer> nextDoomed() {
        long now = System.nanoTime();
        if (now - lastUse > settings.idleAfter().toNanos()) {
            target = Math.min(1, settings.readySlots());
        }
        if (target < ready.size()
                && waiting.isEmpty()
                && now - lastUse > settings.idleAfter().toNanos()) {
            while (ready.size() > target) {
                doomed.add(ready.remove());
            }
        }
        if (drained || now - removeAgainAt < 0) {
            return List.of();
        }
        List<Integer> batch = List.copyOf(doomed);
        doomed.clear();
        removing += batch.size();
        return batch;
    }

    synchronized void removed(Collection<Integer> batch) {
        removing -= batch.size();
        notifyAll();
        batch.forEach(addresses::giveBack);
    }

    /** They are tried again later; until then their addresses stay out of use. */
    synchronized void notRemoved(Collection<Integer> batch) {
        removing -= batch.size();
        notifyAll();
        doomed.addAll(batch);
        removeAgainAt = System.nanoTime() + RETRY_NANOS;
    }

    /** No more slots. Returns those that nobody has. */
    synchronized List<Integer> shut() {
        closed = true;
        fail(new EngineException(
                EngineException.Reason.NOT_FOUND, "the network of group " + group + " is being removed"));
        List<Integer> unused = new ArrayList<>(ready);
        unused.addAll(doomed);
        ready.clear();
        doomed.clear();
        return unused;
    }

    /**
     * After {@link #shut}, for who removes all that is there: nothing more is to be removed in the background. Waits for what
     * is being removed, so that its addresses are not another's by then.
     *
     * @throws IOException if that takes longer than {@code patience}
     */
    synchronized void drain(Duration patience) throws IOException {
        drained = true;
        long deadline = System.nanoTime() + patience.toNanos();
        while (removing > 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new IOException("network namespaces of group " + group + " are still being removed");
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while network namespaces of group " + group + " were removed", e);
            }
        }
    }

    synchronized int readyCount() {
        return ready.size();
    }

    /** Gives a slot to the first who still waits for one. */
    private boolean handOver(int address) {
        for (CompletableFuture<Integer> next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next.complete(address)) {
                return true;
            }
        }
        return false;
    }

    private void fail(Throwable cause) {
        for (CompletableFuture<Integer> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.completeExceptionally(cause);
        }
    }

    /** For a promise fulfilled too late for its caller. */
    synchronized void putBack(int address) {
        if (closed) {
            doomed.add(address);
        } else if (!handOver(address)) {
            ready.addFirst(address);
        }
    }
}
