package io.berth.engine.cgroup;

import java.util.List;
import java.util.regex.Pattern;

/** Checks the paths given to {@link Cgroups}: nothing may lead out of this instance's subtree. */
final class CgroupPath {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}(/[a-z0-9][a-z0-9_-]{0,62}){0,3}");

    private CgroupPath() {}

    /** Returns the path; the empty one is the instance's own root. */
    static String check(String path) {
        if (!path.isEmpty() && !FORM.matcher(path).matches()) {
            throw new IllegalArgumentException("not a cgroup path: '" + path + "' (<group> or <group>/<container>)");
        }
        return path;
    }

    static List<String> names(String path) {
        return path.isEmpty() ? List.of() : List.of(path.split("/"));
    }
}
