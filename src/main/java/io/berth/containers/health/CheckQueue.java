package io.berth.containers.health;

import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Whose turn it is. Each container waits in its tenant's line at most once, so that a check which comes late is late and no two; tenants
 * take turns, and each has so many places. Thread-safe; knows no clock.
 */
final class CheckQueue<T> {

    private static final Comparator<Entry<?>> FIRST_DUE =
            Comparator.<Entry<?>, Instant>comparing(entry -> entry.due).thenComparing(entry -> entry.number);

    private final int most;
    private final int mostOfTenant;
    /** The tenant whose turn is next comes first. */
    private final Map<TenantId, Line<T>> lines = new LinkedHashMap<>();

    private int underWay;
    private long entries;

    CheckQueue(int most, int mostOfTenant) {
        this.most = most;
        this.mostOfTenant = mostOfTenant;
    }

    /** Something to be checked again and again. */
    static final class Entry<T> {
        private final TenantId tenant;
        private final T subject;
        private final long number;
        private Instant due = Instant.MIN;
        private boolean held;
        private boolean running;
        private boolean placed;

        private Entry(TenantId tenant, T subject, long number) {
            this.tenant = tenant;
            this.subject = subject;
            this.number = number;
        }

        T subject() {
            return subject;
        }
    }

    private static final class Line<T> {
        private final TreeSet<Entry<T>> waiting = new TreeSet<>(FIRST_DUE);
        private int underWay;
    }

    /** Makes an entry, which does not wait yet. */
    synchronized Entry<T> enter(TenantId tenant, T subject) {
        Entry<T> entry = new Entry<>(tenant, subject, entries++);
        entry.held = true;
        return entry;
    }

    /** Has it wait until it is due, unless it is being checked: then {@link #ended} does. */
    synchronized void resume(Entry<T> entry, Instant due) {
        entry.held = false;
        if (!entry.running) {
            await(entry, due);
        }
    }

    /** It is not checked again before {@link #resume}. */
    synchronized void hold(Entry<T> entry) {
        entry.held = true;
        leave(entry);
    }

    /** Those that are to be checked now, each of which has a place from here on. */
    synchronized List<Entry<T>> take(Instant now, int atMost) {
        List<Entry<T>> taken = new ArrayList<>();
        boolean found = true;
        while (found && taken.size() < atMost) {
            found = false;
            for (TenantId tenant : List.copyOf(lines.keySet())) {
                Line<T> line = lines.get(tenant);
                if (taken.size() < atMost && line != null && hasPlace(line) && isDue(line, now)) {
                    taken.add(begin(line));
                    lines.remove(tenant);
                    lines.put(tenant, line);
                    found = true;
                }
            }
        }
        return taken;
    }

    private boolean hasPlace(Line<T> line) {
        return line.underWay < mostOfTenant && underWay < (line.underWay == 0 ? most : most - most / 4);
    }

    private boolean isDue(Line<T> line, Instant now) {
        return !line.waiting.isEmpty() && !line.waiting.first().due.isAfter(now);
    }

    private Entry<T> begin(Line<T> line) {
        Entry<T> entry = line.waiting.first();
        line.waiting.remove(entry);
        entry.running = true;
        entry.placed = true;
        line.underWay++;
        underWay++;
        return entry;
    }

    /** Its check has no place any more, though it may not have ended. Repeatable. */
    synchronized void leavePlace(Entry<T> entry) {
        if (entry.placed) {
            entry.placed = false;
            underWay--;
            Line<T> line = lines.get(entry.tenant);
            if (line != null) {
                line.underWay--;
                forgetIfEmpty(entry.tenant, line);
            }
        }
    }

    /** Its check has ended: it waits for the next, unless it is held. */
    synchronized void ended(Entry<T> entry, Instant due) {
        leavePlace(entry);
        entry.running = false;
        if (!entry.held) {
            await(entry, due);
        }
    }

    private void await(Entry<T> entry, Instant due) {
        leave(entry);
        entry.due = due;
        lines.computeIfAbsent(entry.tenant, tenant -> new Line<>()).waiting.add(entry);
    }

    private void leave(Entry<T> entry) {
        Line<T> line = lines.get(entry.tenant);
        if (line != null && line.waiting.remove(entry)) {
            forgetIfEmpty(entry.tenant, line);
        }
    }

    private void forgetIfEmpty(TenantId tenant, Line<T> line) {
        if (line.waiting.isEmpty() && line.underWay == 0) {
            lines.remove(tenant);
        }
    }

    synchronized int underWay() {
        return underWay;
    }
}
