package io.berth.containers;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Changes to the default set of capabilities. Names may stand with or without {@code CAP_}, in any case.
 *
 * @param add on top of the default, inside {@link #CEILING}
 * @param drop taken away; {@code ALL} empties the set
 */
public record Capabilities(List<String> add, List<String> drop) {

    public static final Capabilities DEFAULT = new Capabilities(List.of(), List.of());

    /** What a container may be given: nothing that reaches past its own namespaces. */
    public static final Set<String> CEILING = Set.of(
            "CAP_AUDIT_WRITE",
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_DAC_READ_SEARCH",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_IPC_OWNER",
            "CAP_KILL",
            "CAP_LEASE",
            "CAP_NET_ADMIN",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_BROADCAST",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT",
            "CAP_SYS_PTRACE");

    public static final String ALL = "ALL";

    public Capabilities {
        add = add == null ? List.of() : List.copyOf(add);
        drop = drop == null ? List.of() : List.copyOf(drop);
    }

    Set<String> added() {
        return add.stream().map(Capabilities::normalise).collect(Collectors.toUnmodifiableSet());
    }

    Set<String> dropped() {
        return drop.stream().map(Capabilities::normalise).collect(Collectors.toUnmodifiableSet());
    }

    static String normalise(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.equals(ALL) || upper.startsWith("CAP_") ? upper : "CAP_" + upper;
    }
}
