package io.berth.engine.netns;

import io.berth.engine.netns.GroupNetwork.Batch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Keeps groups' pools full and removes what is doomed, in the background: one thread for each. */
final class SlotWorkers implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(SlotWorkers.class);

    /** What a create that has just taken a slot still has to do goes first. */
    private static final Duration UNTIL_MADE = Duration.ofMillis(30);
    /** The kernel's work for one removal grows with the devices there are, and hardly with how many are removed. */
    private static final Duration UNTIL_REMOVED = Duration.ofMillis(100);

    private final Supplier<Collection<GroupNetwork>> groups;
    private final Slots slots;
    private final Worker maker;
    private final Worker remover;

    SlotWorkers(Supplier<Collection<GroupNetwork>> groups, Slots slots) {
        this.groups = groups;
        this.slots = slots;
        this.maker = new Worker("berth-net-maker", UNTIL_MADE, Worker.LOOK, this::make);
        this.remover = new Worker("berth-net-remover", UNTIL_REMOVED, Worker.LOOK, this::remove);
        maker.start();
        remover.start();
    }

    /** Somebody waits for a slot. */
    void makeNow() {
        maker.wake();
    }

    void makeSoon() {
        maker.wakeSoon();
    }

    void removeSoon() {
        remover.wakeSoon();
    }

    /** Whether none of them is held up in the kernel. */
    boolean haveEnded() {
        return maker.hasEnded() && remover.hasEnded();
    }

    /** Waits for the pieces of work at hand, half a minute each. */
    @Override
    public void close() {
        maker.stop();
        remover.stop();
        maker.close();
        remover.close();
    }

    private boolean make() {
        boolean worked = false;
        for (GroupNetwork group : groups.get()) {
            group.making().lock();
            try {
                Batch batch = group.nextBatch();
                if (batch != null) {
                    worked = true;
                    make(group, batch);
                } else if (group.awaitsRemoval()) {
                    remover.wake();
                }
            } finally {
                group.making().unlock();
            }
        }
        return worked;
    }

    private void make(GroupNetwork group, Batch batch) {
        try {
            slots.make(batch.userNamespace(), group.subnet(), batch.addresses());
            group.made(batch);
        } catch (Throwable e) { // a host that has no process to spare makes it an Error; who waits is to hear of it
            LOG.warnf(e, "cannot make network namespaces for group %s", group.group());
            group.failed(batch, e);
        }
    }

    /**
     * All groups' doomed slots by one request: the kernel's waiting is the same for one device and for many. What is
     * doomed meanwhile is gathered anew.
     */
    private boolean remove() {
        Map<GroupNetwork, List<Integer>> doomed = new LinkedHashMap<>();
        List<Integer> all = new ArrayList<>();
        for (GroupNetwork group : groups.get()) {
            List<Integer> some = group.nextDoomed();
            if (!some.isEmpty()) {
                doomed.put(group, some);
                all.addAll(some);
            }
        }
        if (all.isEmpty()) {
            return false;
        }
        try {
            Map<Integer, IOException> left = slots.tryRemove(all);
            left.values().stream()
                    .findFirst()
                    .ifPresent(
                            e -> LOG.warnf(e, "cannot remove %d network namespaces; trying again later", left.size()));
            doomed.forEach((group, some) -> answer(group, some, left.keySet()));
        } catch (Throwable e) {
            LOG.warnf(e, "cannot remove network namespaces; trying again later");
            doomed.forEach(GroupNetwork::notRemoved);
        }
        if (groups.get().stream().anyMatch(GroupNetwork::isAwaited)) {
            maker.wake();
        } else {
            maker.wakeSoon();
        }
        return false;
    }

    private static void answer(GroupNetwork group, List<Integer> doomed, Set<Integer> left) {
        group.removed(doomed.stream().filter(address -> !left.contains(address)).toList());
        List<Integer> still = doomed.stream().filter(left::contains).toList();
        if (!still.isEmpty()) {
            group.notRemoved(still);
        }
    }
}
