package io.berth.images;

import io.berth.common.Subprocess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** A small root file system around a static busybox. The same busybox always gives the same bytes. */
final class BusyboxRootfs {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final List<String> DIRECTORIES = List.of(
            "bin",
            "dev",
            "etc",
            "home",
            "mnt",
            "opt",
            "proc",
            "root",
            "run",
            "sbin",
            "sys",
            "tmp",
            "usr",
            "usr/bin",
            "usr/lib",
            "usr/sbin",
            "var",
            "var/log",
            "var/tmp");

    private final Path busybox;

    BusyboxRootfs(Path busybox) {
        this.busybox = busybox;
    }

    /** The root file system as a tar. */
    byte[] toTar() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            directory(tar, "./", 0755);
            for (String directory : DIRECTORIES) {
                boolean shared = directory.endsWith("tmp");
                directory(tar, directory + "/", shared ? 01777 : directory.equals("root") ? 0700 : 0755);
            }
            file(tar, "bin/busybox", 0755, Files.readAllBytes(busybox));
            for (String applet : applets()) {
                link(tar, applet);
            }
            file(tar, "etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/home:/bin/false\n");
            file(tar, "etc/group", "root:x:0:\ntty:x:5:\nusers:x:100:\nnogroup:x:65534:\n");
            file(tar, "etc/shells", "/bin/sh\n");
        }
        return bytes.toByteArray();
    }

    /** Paths that busybox itself says it wants to be known by. */
    private Iterable<String> applets() throws IOException {
        String list = Subprocess.run(DEADLINE, List.of(busybox.toString(), "--list-full"))
                .orThrow()
                .stdout();
        TreeSet<String> applets = new TreeSet<>();
        list.lines()
                .map(String::strip)
                .filter(path -> path.matches("(?:usr/)?s?bin/[^/]+") && !path.equals("bin/busybox"))
                .forEach(applets::add);
        return applets;
    }

    private static void directory(TarArchiveOutputStream tar, String name, int mode) throws IOException {
        put(tar, new TarArchiveEntry(name), mode, new byte[0]);
    }

    private static void file(TarArchiveOutputStream tar, String name, String text) throws IOException {
        file(tar, name, 0644, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        put(tar, new TarArchiveEntry(name), mode, content);
    }

    private static void link(TarArchiveOutputStream tar, String name) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName("/bin/busybox");
        put(tar, entry, 0777, new byte[0]);
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int mode, byte[] content)
            throws IOException {
        entry.setMode(mode);
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
