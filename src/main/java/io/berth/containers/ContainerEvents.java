package io.berth.containers;

import io.berth.events.EventDraft;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What there is to tell of a container when its row changes: worked out from the row before and after, whoever changed it and why. */
public final class ContainerEvents {

    private static final int MAX_MESSAGE = 1000;

    private ContainerEvents() {}

    /** In the order it happened in; empty if it is nobody's business. A container being made is. */
    public static List<EventDraft> between(Container before, Container after) {
        List<EventDraft> events = new ArrayList<>();
        if (before.state() == ContainerState.CREATING && isThere(after.state())) {
            events.add(draft("created", after, Map.of("imageDigest", after.imageDigest())));
        }
        if (!before.spec().equals(after.spec())) {
            events.add(draft("updated", after, Map.of()));
        }
        addChangeOfState(before, after, events);
        return events;
    }

    /** Of one that is no more; nothing if no client ever heard of it. */
    public static List<EventDraft> deleted(Container last) {
        return last.state() == ContainerState.CREATING ? List.of() : List.of(draft("deleted", last, Map.of()));
    }

    private static void addChangeOfState(Container before, Container after, List<EventDraft> events) {
        boolean same = before.state() == after.state();
        switch (after.state()) {
            case RUNNING -> {
                if (before.state() == ContainerState.PAUSED) {
                    events.add(draft("resumed", after, Map.of()));
                } else if (!same || isAnotherRun(before, after)) {
                    events.add(draft("started", after, Map.of("restartCount", after.restartCount())));
                }
            }
            case PAUSED -> {
                if (!same) {
                    events.add(draft("paused", after, Map.of()));
                }
            }
            case STOPPED -> {
                if (!same) {
                    addEnd(after, events);
                }
            }
            case FAILED -> {
                if (!same || before.restartCount() != after.restartCount()) {
                    events.add(draft(
                            "failed",
                            after,
                            Map.of("message", clip(after.observed().failure()))));
                }
            }
            default -> {
                // CREATING and DELETING lead somewhere that is told
            }
        }
    }

    private static void addEnd(Container after, List<EventDraft> events) {
        Map<String, Object> end = new LinkedHashMap<>();
        Integer code = after.observed().exitCode();
        if (code != null) {
            end.put("exitCode", code);
        }
        end.put("oomKilled", after.observed().oomKilled());
        StopReason reason = after.observed().stopReason();
        if (reason != null) {
            end.put("reason", reason.wireName());
        }
        if (after.observed().oomKilled()) {
            events.add(draft("oom", after, Map.of()));
        }
        events.add(draft("stopped", after, end));
    }

    private static boolean isThere(ContainerState state) {
        return state != ContainerState.CREATING && state != ContainerState.DELETING && state != ContainerState.GONE;
    }

    private static boolean isAnotherRun(Container before, Container after) {
        return !Objects.equals(before.observed().startedAt(), after.observed().startedAt());
    }

    private static EventDraft draft(String what, Container container, Map<String, ?> more) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("name", container.name());
        data.put("image", container.spec().image());
        data.putAll(more);
        return new EventDraft("container." + what, container.id().value(), data);
    }

    private static String clip(@Nullable String text) {
        String known = Objects.requireNonNullElse(text, "");
        return known.length() <= MAX_MESSAGE ? known : known.substring(0, MAX_MESSAGE) + "…";
    }
}
