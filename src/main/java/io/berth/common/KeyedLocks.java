package io.berth.common;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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
        Entry entry = use(key);
        entry.lock.lock();
        return held(key, entry);
    }

    /** Never blocks; empty if another thread holds it. */
    public Optional<Held> tryLock(K key) {
        Entry entry = use(key);
        if (entry.lock.tryLock()) {
            return Optional.of(held(key, entry));
        }
        leave(key);
        return Optional.empty();
    }

    /** Blocks for {@code patience} at most; empty if another thread still holds it then, or this one is interrupted. */
    public Optional<Held> tryLock(K key, Duration patience) {
        Entry entry = use(key);
        try {
            if (entry.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.of(held(key, entry));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        leave(key);
        return Optional.empty();
    }

    private Entry use(K key) {
        return entries.compute(key, (k, existing) -> {
            Entry used = existing == null ? new Entry() : existing;
            used.users++;
            return used;
        });
    }

    private Held held(K key, Entry entry) {
        return () -> {
            entry.lock.unlock();
            leave(key);
        };
    }

    private void leave(K key) {
        entries.computeIfPresent(key, (k, used) -> --used.users == 0 ? null : used);
    }

    int size() {
        return entries.size();
    }
}
