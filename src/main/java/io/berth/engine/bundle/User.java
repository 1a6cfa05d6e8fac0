package io.berth.engine.bundle;

import java.util.List;

/**
 * Who a process runs as, inside its container.
 *
 * @param groups supplementary groups
 * @param home from the passwd file, {@code /} if the user is not in it
 */
public record User(long uid, long gid, List<Long> groups, String home) {

    public static final User ROOT = new User(0, 0, List.of(), "/root");

    public User {
        groups = List.copyOf(groups);
    }
}
