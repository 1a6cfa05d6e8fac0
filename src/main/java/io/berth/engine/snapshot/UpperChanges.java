package io.berth.engine.snapshot;

import io.berth.engine.FileChange;
import io.berth.engine.FileChange.Kind;
import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Compares an overlay's upper directory with the layers below it. What the container changes meanwhile may or may not be
 * seen. Symbolic links are never followed. Directories too deep for a path of the kernel's length are not entered, and of
 * one with more than 100,000 entries some are left out.
 */
final class UpperChanges {

    private static final int LONGEST_PATH = 4000;
    private static final int MOST_NAMES = 100_000;
    private static final String OPAQUE = "trusted.overlay.opaque";
    private static final int DIRECTORY = Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_NOFOLLOW;
    private static final long INSIDE =
            Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS | Flags.RESOLVE_NO_XDEV;

    private final Fd upper;
    private final List<Fd> layers;
    private final Syscalls syscalls;

    /**
     * @param layers top first
     */
    UpperChanges(Fd upper, List<Fd> layers, Syscalls syscalls) {
        this.upper = upper;
        this.layers = layers;
        this.syscalls = syscalls;
    }

    /**
     * An entry of the upper directory.
     *
     * @param path relative to the root
     * @param merged which layers show through, top first, if it is a directory to enter
     */
    private record Entry(String path, Kind kind, boolean directory, List<Integer> merged) {}

    /** At most {@code limit} changes; parents before children, names of one directory in order. */
    List<FileChange> list(int limit) throws IOException {
        List<FileChange> changes = new ArrayList<>();
        Deque<Iterator<Entry>> pending = new ArrayDeque<>();
        pending.push(
                entries(".", IntStream.range(0, layers.size()).boxed().toList()).iterator());
        while (!pending.isEmpty() && changes.size() < limit) {
            if (!pending.element().hasNext()) {
                pending.pop();
                continue;
            }
            Entry entry = pending.element().next();
            changes.add(new FileChange("/" + asText(entry.path()), entry.kind()));
            if (entry.directory() && entry.path().getBytes(StandardCharsets.UTF_8).length < LONGEST_PATH) {
                pending.push(entries(entry.path(), entry.merged()).iterator());
            }
        }
        return changes;
    }

    /** Bytes that are no text, which {@link Syscalls} gives as lone surrogates, cannot be shown to anybody. */
    private static String asText(String path) {
        return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private List<Entry> entries(String path, List<Integer> merged) throws IOException {
        Optional<Fd> opened = open(upper, path);
        if (opened.isEmpty()) {
            return List.of();
        }
        try (Fd directory = opened.get();
                OpenDirectories open = new OpenDirectories()) {
            List<Integer> present = new ArrayList<>();
            for (int layer : merged) {
                Optional<Fd> below = open(layers.get(layer), path);
                if (below.isPresent()) {
                    open.add(below.get());
                    present.add(layer);
                }
            }
            List<String> names = new ArrayList<>(syscalls.list(directory, MOST_NAMES));
            Collections.sort(names);
            List<Entry> entries = new ArrayList<>();
            for (String name : names) {
                String child = path.equals(".") ? name : path + "/" + name;
                Optional<FileStat> stat = stat(directory, name);
                if (stat.isPresent()) {
                    entries.add(compare(child, name, stat.get(), directory, open.all(), present));
                }
            }
            return entries;
        }
    }

    private Entry compare(
            String path, String name, FileStat stat, Fd directory, List<Fd> below, List<Integer> belowLayers)
            throws IOException {
        if (isWhiteout(stat)) {
            return new Entry(path, Kind.DELETED, false, List.of());
        }
        boolean known = false;
        List<Integer> merged = new ArrayList<>();
        for (int i = 0; i < below.size(); i++) {
            Optional<FileStat> lower = stat(below.get(i), name);
            if (lower.isEmpty()) {
                continue;
            }
            if (isWhiteout(lower.get())) {
                break;
            }
            known = true;
            if (!lower.get().isDirectory()) {
                break;
            }
            merged.add(belowLayers.get(i));
            if (isOpaque(below.get(i), name)) {
                break;
            }
        }
        boolean enter = stat.isDirectory();
        boolean hides = !enter || isOpaque(directory, name);
        return new Entry(path, known ? Kind.MODIFIED : Kind.ADDED, enter, hides ? List.of() : merged);
    }

    private static boolean isWhiteout(FileStat stat) {
        return stat.isCharacterDevice() && stat.deviceMajor() == 0 && stat.deviceMinor() == 0;
    }

    private boolean isOpaque(Fd directory, String name) throws IOException {
        byte[] value = syscalls.getxattrat(directory, name, OPAQUE);
        return value != null && value.length == 1 && value[0] == 'y';
    }

    private Optional<FileStat> stat(Fd directory, String name) throws IOException {
        try {
            return Optional.of(syscalls.fstatat(directory, name));
        } catch (ErrnoException e) {
            return absent(e);
        }
    }

    private Optional<Fd> open(Fd root, String path) throws IOException {
        try {
            return Optional.of(syscalls.openat2(root, path, DIRECTORY, 0, INSIDE));
        } catch (ErrnoException e) {
            return absent(e);
        }
    }

    private static <T> Optional<T> absent(ErrnoException e) throws ErrnoException {
        if (e.is("ENOENT") || e.is("ENOTDIR") || e.is("ELOOP")) {
            return Optional.empty();
        }
        throw e;
    }
}
