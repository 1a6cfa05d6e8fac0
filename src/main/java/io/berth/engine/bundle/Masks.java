package io.berth.engine.bundle;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container sees nothing of in {@code /proc} and {@code /sys}. The runtime hides a file behind {@code /dev/null},
 * and a directory behind a tmpfs of its own; crun can be told to hide them behind one directory that all containers
 * share. The kernel looks through all file systems of a host whenever a memory cgroup is removed, so that each that a
 * container has makes the removal of all others slower.
 */
public final class Masks {

    private static final List<String> HIDDEN = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/sys/devices/virtual/powercap",
            "/sys/firmware",
            "/sys/fs/selinux");

    private final @Nullable Path empty;

    private Masks(@Nullable Path empty) {
        this.empty = empty;
    }

    /** Hidden by what the runtime has for it. runc mounts nothing else in {@code /proc}. */
    public static Masks ofRuntime() {
        return new Masks(null);
    }

    /** @param empty a directory that stays so */
    public static Masks sharing(Path empty) {
        return new Masks(empty);
    }

    /** What directories are hidden behind, if not by the runtime. */
    @Nullable
    Path empty() {
        return empty;
    }

    /** The paths that {@link #empty} is mounted on: they come and go with the host's modules. */
    List<String> shared() {
        return empty == null
                ? List.of()
                : HIDDEN.stream()
                        .filter(path -> Files.isDirectory(Path.of(path)))
                        .toList();
    }

    /** The paths that are left to the runtime. Those that there are not it leaves out. */
    List<String> others(List<String> shared) {
        return HIDDEN.stream().filter(path -> !shared.contains(path)).toList();
    }
}
