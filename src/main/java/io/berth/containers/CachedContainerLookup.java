package io.berth.containers;

import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds containers in memory, and in the database what was not asked for lately. Every stored change of a container comes by
 * {@link #changed}, before it is told to anyone.
 */
@ApplicationScoped
class CachedContainerLookup implements ContainerLookup {

    private static final int KEPT_AT_MOST = 10_000;
    /** Characters. */
    private static final int SMALL_ENV = 4096;

    private final ContainerService containers;
    private final Map<Key, ContainerHandle> known = new ConcurrentHashMap<>();
    /** Counts changes, so that what was read before one is not kept after it. */
    private final AtomicLong changes = new AtomicLong();

    private record Key(TenantId tenant, String idOrName) {}

    CachedContainerLookup(ContainerService containers, ContainerWatch watch) {
        this.containers = containers;
        watch.onChange(this::changed);
    }

    @Override
    public ContainerHandle get(TenantId tenant, String idOrName) {
        Key key = new Key(tenant, idOrName);
        ContainerHandle handle = known.get(key);
        return handle != null ? handle : read(key);
    }

    private ContainerHandle read(Key key) {
        long before = changes.get();
        Container container = containers.get(key.tenant(), key.idOrName());
        ContainerHandle handle = handle(container);
        keep(key, handle);
        if (changes.get() != before) {
            known.remove(key, handle);
        }
        return handle;
    }

    private void keep(Key key, ContainerHandle handle) {
        if (known.size() >= KEPT_AT_MOST) {
            known.clear();
        }
        known.put(key, handle);
    }

    private static ContainerHandle handle(Container container) {
        return new ContainerHandle(
                container.id(),
                container.tenant(),
                container.state().wireName(),
                container.launch().env(),
                container.launch().workingDir(),
                container.launch().user());
    }

    /** One that nobody has asked for must not cost much. */
    private static boolean isSmall(Container container) {
        return container.launch().env().stream().mapToInt(String::length).sum() <= SMALL_ENV;
    }

    private void changed(Container container) {
        changes.incrementAndGet();
        known.remove(new Key(container.tenant(), container.name()));
        Key key = new Key(container.tenant(), container.id().value());
        if (container.state() == ContainerState.RUNNING && isSmall(container)) {
            keep(key, handle(container)); // most are used by their ids as soon as they run
        } else {
            known.remove(key);
        }
    }
}
