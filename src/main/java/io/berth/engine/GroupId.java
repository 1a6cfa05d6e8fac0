package io.berth.engine;

import java.util.regex.Pattern;

/**
 * Names a group: one cgroup subtree, one user namespace, one network: a lower-case token that is safe in paths and cgroup names.
 *
 * @param value at most 63 characters of {@code [a-z0-9_-]}
 */
public record GroupId(String value) implements Comparable<GroupId> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    public GroupId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a group id: " + value);
        }
    }

    @Override
    public int compareTo(GroupId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
