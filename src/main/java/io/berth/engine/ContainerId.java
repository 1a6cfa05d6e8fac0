package io.berth.engine;

import java.util.regex.Pattern;

/**
 * Names a container for the engine: a lower-case token that is safe in paths and cgroup names.
 *
 * @param value at most 63 characters of {@code [a-z0-9_-]}
 */
public record ContainerId(String value) implements Comparable<ContainerId> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    public ContainerId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a container id: " + value);
        }
    }

    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    @Override
    public int compareTo(ContainerId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
