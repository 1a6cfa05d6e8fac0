package io.berth.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * An absolute path inside a container, normalised: {@code /a/b}, or {@code /} for the root. It says nothing of what is there: links
 * on the way are the kernel's to follow.
 */
public record FilePath(String value) {

    /** Bytes of a whole path: PATH_MAX less the NUL. */
    public static final int MOST_BYTES = 4095;

    /** Bytes of one name: NAME_MAX. */
    public static final int NAME_BYTES = 255;

    public static final FilePath ROOT = new FilePath("/");

    public FilePath {
        if (!value.equals(normalise(value))) {
            throw new IllegalArgumentException("not a normalised path: " + value);
        }
    }

    /**
     * Drops empty parts and {@code .}.
     *
     * @throws IllegalArgumentException if it is not absolute, climbs, is too long or holds NUL; the message continues "the path "
     */
    public static FilePath parse(String text) {
        return new FilePath(normalise(text));
    }

    private static String normalise(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("must begin with '/'");
        }
        if (text.length() > MOST_BYTES || bytes(text) > MOST_BYTES) {
            throw new IllegalArgumentException("must have at most " + MOST_BYTES + " bytes");
        }
        List<String> parts = new ArrayList<>();
        for (String part : text.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                throw new IllegalArgumentException("must not climb with '..'");
            }
            if (part.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("must not hold the character U+0000");
            }
            if (bytes(part) > NAME_BYTES) {
                throw new IllegalArgumentException("must not have a name of more than " + NAME_BYTES + " bytes");
            }
            parts.add(part);
        }
        return "/" + String.join("/", parts);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    public boolean isRoot() {
        return value.equals("/");
    }

    /** The directory it is in; the root's is the root. */
    public FilePath parent() {
        int slash = value.lastIndexOf('/');
        return slash <= 0 ? ROOT : new FilePath(value.substring(0, slash));
    }

    /** The last name, {@code /} for the root. */
    public String name() {
        return isRoot() ? "/" : value.substring(value.lastIndexOf('/') + 1);
    }

    /** Whether the other one lies below this one. */
    public boolean isAbove(FilePath other) {
        return !equals(other) && (isRoot() || other.value.startsWith(value + "/"));
    }

    @Override
    public String toString() {
        return value;
    }
}
