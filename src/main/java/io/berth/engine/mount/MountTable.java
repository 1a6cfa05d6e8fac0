package io.berth.engine.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The mounts of this process's mount namespace at one moment, oldest first. See proc_pid_mountinfo(5).
 *
 * @param entries in the kernel's order
 */
public record MountTable(List<MountEntry> entries) {

    private static final Path OF_THIS_PROCESS = Path.of("/proc/self/mountinfo");

    public MountTable {
        entries = List.copyOf(entries);
    }

    /** Reads the present table: some microseconds for each mount of the host. */
    public static MountTable read() throws IOException {
        return read(OF_THIS_PROCESS);
    }

    public static MountTable read(Path mountinfo) throws IOException {
        String text = new String(Files.readAllBytes(mountinfo), StandardCharsets.UTF_8);
        return new MountTable(
                text.lines().map(MountEntry::parse).flatMap(Optional::stream).toList());
    }

    /** The mount that holds a path, which must be real (without symbolic links): of several, the one on top. */
    public Optional<MountEntry> holding(Path realPath) {
        MountEntry found = null;
        for (MountEntry entry : entries) {
            boolean holds = realPath.startsWith(entry.mountPoint());
            if (holds
                    && (found == null
                            || entry.mountPoint().getNameCount()
                                    >= found.mountPoint().getNameCount())) {
                found = entry;
            }
        }
        return Optional.ofNullable(found);
    }

    /** The mounts strictly beneath a directory, in an order in which they can be unmounted. */
    public List<MountEntry> beneath(Path directory) {
        List<MountEntry> found = new ArrayList<>();
        for (MountEntry entry : entries) {
            if (entry.mountPoint().startsWith(directory) && !entry.mountPoint().equals(directory)) {
                found.add(entry);
            }
        }
        Collections.reverse(found);
        return found;
    }
}
