package io.berth.engine;

import java.util.regex.Pattern;

/**
 * Names an exec, unique among those of its container: a lower-case token that is safe in paths.
 *
 * @param value at most 63 characters of {@code [a-z0-9_-]}
 */
public record ExecId(String value) implements Comparable<ExecId> {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    public ExecId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not an exec id: " + value);
        }
    }

    @Override
    public int compareTo(ExecId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
