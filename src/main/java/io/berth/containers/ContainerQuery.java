package io.berth.containers;

import io.berth.engine.ContainerId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which containers a list shows.
 *
 * @param states empty is all
 * @param labels all must match
 * @param text part of the name or image
 * @param among these only, if it is not {@code null}
 */
public record ContainerQuery(
        Set<ContainerState> states,
        Map<String, String> labels,
        @Nullable String text,
        @Nullable Set<ContainerId> among) {

    public static final ContainerQuery ALL = new ContainerQuery(Set.of(), Map.of(), null, null);

    public ContainerQuery {
        states = Set.copyOf(states);
        labels = Map.copyOf(labels);
        among = among == null ? null : Set.copyOf(among);
    }
}
