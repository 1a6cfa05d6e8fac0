package io.berth.engine.mount;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A line of proc_pid_mountinfo(5).
 *
 * @param device {@code major:minor} of the file system
 * @param root what of the file system is mounted, such as {@code /} or {@code user:[4026532177]}
 * @param mountPoint where it is
 * @param shared whether mounts made beneath propagate to other mount namespaces
 * @param type of the file system
 * @param source as given to mount(2), such as {@code /dev/vda}
 * @param superOptions of the file system, such as the controllers of a cgroup v1 hierarchy
 */
public record MountEntry(
        String device,
        String root,
        Path mountPoint,
        boolean shared,
        String type,
        String source,
        Set<String> superOptions) {

    private static final int FIXED_FIELDS = 6;

    public MountEntry {
        superOptions = Set.copyOf(superOptions);
    }

    /** Reads a line; empty if it is none, as the last one of a table that changes while it is read may be. */
    static Optional<MountEntry> parse(String line) {
        List<String> fields = List.of(line.split(" ", -1));
        int separator = fields.indexOf("-");
        if (separator < FIXED_FIELDS || fields.size() < separator + 4) {
            return Optional.empty();
        }
        boolean shared =
                fields.subList(FIXED_FIELDS, separator).stream().anyMatch(field -> field.startsWith("shared:"));
        return Optional.of(new MountEntry(
                fields.get(2),
                unescape(fields.get(3)),
                Path.of(unescape(fields.get(4))),
                shared,
                fields.get(separator + 1),
                unescape(fields.get(separator + 2)),
                new HashSet<>(List.of(fields.get(separator + 3).split(",")))));
    }

    /** Space, tab, line feed and backslash are written as three octal digits after a backslash. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder text = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 3 < field.length()) {
                text.append((char) Integer.parseInt(field.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
