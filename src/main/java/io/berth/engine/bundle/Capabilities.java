package io.berth.engine.bundle;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The capabilities of a container's processes (capabilities(7)). They reach no further than its own namespaces. */
public final class Capabilities {

    /** What ordinary software expects of root; all of it harmless inside a user namespace. */
    public static final List<String> DEFAULT = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT");

    private Capabilities() {}

    /** The default set and {@code add}, without {@code drop}; {@code ALL} in {@code drop} takes the default set away. */
    public static Set<String> of(Set<String> add, Set<String> drop) {
        Set<String> result = new LinkedHashSet<>();
        if (!drop.contains("ALL")) {
            result.addAll(DEFAULT);
        }
        result.addAll(add);
        result.removeAll(drop);
        return result;
    }
}
