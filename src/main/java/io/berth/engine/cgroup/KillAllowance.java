package io.berth.engine.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What the killed may use at least until they are gone, on version 2: one core, and 64 MiB a second of the disk. They still need
 * processor time to end, and are deaf while they wait for I/O that they have begun; a small limit, their own or their group's,
 * would make that hours in which nobody can remove them. Meanwhile their group may use as much. Thread-safe.
 */
final class KillAllowance {

    private static final Logger LOG = Logger.getLogger(KillAllowance.class);
    private static final long BYTES_PER_SECOND = 64L << 20;
    private static final String UNLIMITED = "max";

    private final Optional<String> device;
    private final Map<Path, Raised> raised = new HashMap<>();

    /** A limit that is to come back when the last of the kills that raised it is over. */
    private static final class Raised {
        private String limit;
        private int kills = 1;

        Raised(String limit) {
            this.limit = limit;
        }
    }

    /**
     * @param device whose I/O is limited, {@code major:minor}
     */
    KillAllowance(Optional<String> device) {
        this.device = device;
    }

    /** Sets {@code cpu.max} or {@code io.max}; while it is raised, for afterwards. */
    synchronized void limit(Path file, String limit) throws IOException {
        Raised now = raised.get(file);
        if (now == null) {
            CgroupFiles.write(file, limit);
        } else {
            now.limit = limit;
        }
    }

    /** Raises the limits of these cgroups that are smaller, until it is closed. */
    synchronized Grant grant(Collection<Path> cgroups) throws IOException {
        Grant grant = new Grant();
        try {
            for (Path cgroup : cgroups) {
                raiseCpu(cgroup.resolve("cpu.max"), grant);
                raiseIo(cgroup.resolve("io.max"), grant);
            }
            return grant;
        } catch (IOException failed) {
            grant.close();
            throw failed;
        }
    }

    private void raiseCpu(Path file, Grant grant) throws IOException {
        Optional<String> limit = CgroupFiles.find(file);
        if (isRaised(file, grant) || limit.isEmpty()) {
            return;
        }
        String[] words = limit.get().split(" ", 2);
        if (words.length == 2 && !words[0].equals(UNLIMITED) && Long.parseLong(words[0]) < Long.parseLong(words[1])) {
            raise(file, limit.get(), words[1] + " " + words[1], grant);
        }
    }

    private void raiseIo(Path file, Grant grant) throws IOException {
        Optional<String> limit = CgroupFiles.find(file)
                .flatMap(text -> text.lines()
                        .filter(line -> device.isPresent() && line.startsWith(device.get() + " "))
                        .findFirst());
        if (isRaised(file, grant) || limit.isEmpty()) {
            return;
        }
        List<String> more = new ArrayList<>();
        boolean less = false;
        for (String word : limit.get().split(" ")) {
            String key = word.substring(0, word.indexOf('=') + 1);
            boolean small = key.endsWith("bps=") && isSmall(word.substring(key.length()));
            less |= small;
            more.add(small ? key + BYTES_PER_SECOND : word);
        }
        if (less) {
            raise(file, limit.get(), String.join(" ", more), grant);
        }
    }

    private static boolean isSmall(String rate) {
        return !rate.equals(UNLIMITED) && Long.parseLong(rate) < BYTES_PER_SECOND;
    }

    private boolean isRaised(Path file, Grant grant) {
        Raised already = raised.get(file);
        if (already == null) {
            return false;
        }
        already.kills++;
        grant.files.add(file);
        return true;
    }

    private void raise(Path file, String limit, String more, Grant grant) throws IOException {
        CgroupFiles.writeIfThere(file, more);
        raised.put(file, new Raised(limit));
        grant.files.add(file);
    }

    private synchronized void end(Path file) {
        Raised now = raised.get(file);
        if (now == null || --now.kills > 0) {
            return;
        }
        raised.remove(file);
        try {
            CgroupFiles.writeIfThere(file, now.limit);
        } catch (IOException e) {
            LOG.errorf(e, "the limit %s is not back in %s", now.limit, file);
        }
    }

    /** For one kill. */
    final class Grant implements AutoCloseable {

        private final List<Path> files = new ArrayList<>();

        private Grant() {}

        @Override
        public void close() {
            files.forEach(KillAllowance.this::end);
            files.clear();
        }
    }
}
