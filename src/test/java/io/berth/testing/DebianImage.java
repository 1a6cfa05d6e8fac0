package io.berth.testing;

import io.berth.common.Subprocess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Debian that mmdebstrap makes of the distribution's packages: real programs, users, setuid files. */
public final class DebianImage {

    /** A file with a capability, beside a second name of the same file. */
    public static final String CAPABLE = "/opt/capable";

    public static final String SAME_FILE = "/opt/same-file";

    private static final Path ROOTFS = Path.of("target/debian/rootfs.tar");
    private static final Duration DEADLINE = Duration.ofMinutes(15);

    private DebianImage() {}

    /** The root file system as a tar archive, made by whoever asks first and kept in the build directory. */
    public static synchronized Path rootfs() throws IOException {
        if (Files.exists(ROOTFS)) {
            return ROOTFS;
        }
        Files.createDirectories(ROOTFS.getParent());
        Path unfinished = ROOTFS.resolveSibling("unfinished.tar");
        Files.deleteIfExists(unfinished);
        List<String> command = new ArrayList<>(List.of("mmdebstrap", "--quiet", "--variant=apt"));
        command.addAll(List.of("--include=libcap2-bin", "--dpkgopt=force-unsafe-io"));
        for (String hook : List.of(
                "cp \"$1/bin/true\" \"$1" + CAPABLE + "\"",
                "setcap cap_net_bind_service+ep \"$1" + CAPABLE + "\"",
                "ln \"$1" + CAPABLE + "\" \"$1" + SAME_FILE + "\"")) {
            command.add("--customize-hook=" + hook);
        }
        command.addAll(List.of("bookworm", unfinished.toString()));
        Subprocess.run(DEADLINE, command).orThrow();
        Files.move(unfinished, ROOTFS, StandardCopyOption.ATOMIC_MOVE);
        return ROOTFS;
    }
}
