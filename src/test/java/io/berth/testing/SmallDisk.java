package io.berth.testing;

import io.berth.common.Subprocess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A tmpfs that is filled up to where the next file, or the next page of one, has no room. */
public final class SmallDisk implements AutoCloseable {

    private static final String PLENTY = "nr_inodes=100000,size=64m";
    private static final int PAGE_KIB = 4;

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** @param directory must exist; what is in it is hidden until the disk is closed */
    public static SmallDisk mount(Path directory) throws IOException {
        run("mount", "-t", "tmpfs", "-o", PLENTY, "disk", directory.toString());
        return new SmallDisk(directory);
    }

    /** One that somebody else has mounted, and unmounts: it is not to be closed. */
    public static SmallDisk at(Path directory) {
        return new SmallDisk(directory);
    }

    /** What there is room for. */
    public enum Room {
        FILES,
        PAGES
    }

    public void leave(Room kind, long some) throws IOException {
        long[] now = Arrays.stream(run("stat", "-f", "-c", "%c %d %b %f %S", directory.toString())
                        .strip()
                        .split(" "))
                .mapToLong(Long::parseLong)
                .toArray();
        long files = now[0] - now[1];
        long kib = (now[2] - now[3]) * (now[4] / 1024);
        // a size of 0 would be none
        remount(
                kind == Room.FILES
                        ? "nr_inodes=" + (files + some)
                        : "size=" + Math.max(PAGE_KIB, kib + some * PAGE_KIB) + "k");
    }

    public void leavePlenty() throws IOException {
        remount(PLENTY);
    }

    private void remount(String options) throws IOException {
        run("mount", "-o", "remount," + options, directory.toString());
    }

    @Override
    public void close() throws IOException {
        run("umount", directory.toString());
    }

    private static String run(String... command) throws IOException {
        return Subprocess.run(Duration.ofSeconds(10), List.of(command))
                .orThrow()
                .stdout();
    }
}
