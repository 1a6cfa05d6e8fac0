package io.berth.containers;

import io.berth.engine.ContainerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Lets callers wait for a container to come into a state without holding a thread. */
@ApplicationScoped
public class ContainerWatch {

    private final Map<ContainerId, List<Waiter>> waiters = new ConcurrentHashMap<>();

    private final List<Consumer<Container>> listeners = new CopyOnWriteArrayList<>();

    private record Waiter(Predicate<ContainerState> condition, CompletableFuture<Container> met) {}

    /**
     * Completes at the next change into a state that meets the condition; the present state is the caller's to look at,
     * after this. Cancelling the future ends the wait.
     */
    CompletableFuture<Container> next(ContainerId id, Predicate<ContainerState> condition) {
        Waiter waiter = new Waiter(condition, new CompletableFuture<>());
        waiters.compute(id, (key, existing) -> {
            List<Waiter> list = existing == null ? new ArrayList<>() : new ArrayList<>(existing);
            list.add(waiter);
            return List.copyOf(list);
        });
        waiter.met().whenComplete((container, failure) -> forget(id, waiter));
        return waiter.met();
    }

    /** Registers someone who hears of every stored change, at once and on the thread that made it. */
    public void onChange(Consumer<Container> listener) {
        listeners.add(listener);
    }

    /** Tells of a stored change. */
    void publish(Container container) {
        listeners.forEach(listener -> listener.accept(container));
        for (Waiter waiter : waiters.getOrDefault(container.id(), List.of())) {
            if (waiter.condition().test(container.state())) {
                waiter.met().completeAsync(() -> container);
            }
        }
    }

    private void forget(ContainerId id, Waiter waiter) {
        waiters.computeIfPresent(id, (key, list) -> {
            List<Waiter> rest = list.stream().filter(other -> other != waiter).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    int size() {
        return waiters.size();
    }
}
