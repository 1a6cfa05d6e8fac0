package io.berth.doctor;

import io.berth.common.Directories;
import io.berth.common.Subprocess;
import io.berth.engine.snapshot.UserNamespaces;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Mounts an overlay in a mount namespace of its own, and the data directory's file system with shifted ids. */
record MountsProbe(Path dataDir) implements Probe {

    /** The script is fixed; the directory is passed beside it. */
    private static final String OVERLAY = "cd \"$0\" && mkdir lower upper work merged && mount -t overlay probe"
            + " -o lowerdir=lower,upperdir=upper,workdir=work merged && echo kept > merged/file && test -s upper/file";

    @Override
    public List<Finding> run() throws IOException {
        Path place = Files.createTempDirectory(DiskProbe.existing(dataDir), ".berth-doctor");
        Path run = Files.createTempDirectory(Path.of("/run"), "berth-doctor");
        try {
            Subprocess.Result overlay = Subprocess.run(
                    Duration.ofSeconds(5), List.of("unshare", "--mount", "sh", "-c", OVERLAY, place.toString()));
            return List.of(
                    overlay.exitCode() == 0
                            ? Finding.ok("overlayfs", "works under " + dataDir)
                            : Finding.missing(
                                    "overlayfs",
                                    overlay.stderr().strip(),
                                    "modprobe overlay; not every file system can hold one: try ext4, xfs or btrfs"),
                    UserNamespaces.supportsIdmap(place, run, new JnrSyscalls())
                            ? Finding.ok("idmapped mounts", "work under " + dataDir)
                            : Finding.missing(
                                    "idmapped mounts",
                                    "not on this file system or kernel",
                                    "Linux 5.19 or newer, and the data directory on ext4, xfs or btrfs"));
        } finally {
            Directories.deleteRecursively(place);
            Directories.deleteRecursively(run);
        }
    }
}
