package io.berth.common;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** A reentrant lock for each key, kept only while someone holds it or waits for it. */
public final class KeyedLocks<K> {

    private final Map<K, Entry> entries = new ConcurrentHashMap<>();

    private static final class Entry {
        private final ReentrantLock lock = new ReentrantLock();
        private int users;
    }

    /** A lock held by this thread. */
    public interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /** Blocks until this thread holds the key's lock. */
    public Held lock(K key) {
        Entry entry = entries.compute(key, (k, existing) -> {
            Entry used = existing == null ? new Entry() : existing;
            used.users++;
            return used;
        });
        entry.lock.lock();
        return () -> {
            entry.lock.unlock();
            entries.computeIfPresent(key, (k, used) -> --used.users == 0 ? null : used);
        };
    }

    int size() {
        return entries.size();
    }
}
