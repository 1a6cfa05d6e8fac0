package io.berth.containers;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which containers a list shows.
 *
 * @param states empty is all
 * @param labels all must match
 * @param text part of the name or image
 */
public record ContainerQuery(
        Set<ContainerState> states,
        Map<String, String> labels,
        @Nullable String text) {

    public static final ContainerQuery ALL = new ContainerQuery(Set.of(), Map.of(), null);

    public ContainerQuery {
        states = Set.copyOf(states);
        labels = Map.copyOf(labels);
    }
}
