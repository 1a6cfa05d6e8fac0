package io.berth.engine.bundle;

import io.berth.engine.ContainerConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link OciConfig} makes an OCI configuration of, besides the container's own.
 *
 * @param user the main process's user, already looked up
 * @param rootfs the mounted root file system
 * @param cgroupPath for {@code linux.cgroupsPath}
 * @param userNamespace file that pins the namespace to join
 * @param firstId host id of the container's id 0
 * @param networkNamespace file that pins the namespace to join
 * @param etcDir directory of {@code hosts}, {@code hostname} and {@code resolv.conf}, mounted over the image's own
 * @param appArmorProfile of the main process; {@code null} if it gets none
 * @param initProgram on the host, or {@code null} if the container wants no init
 */
public record BundleSpec(
        ContainerConfig config,
        User user,
        Path rootfs,
        String cgroupPath,
        Path userNamespace,
        int firstId,
        Path networkNamespace,
        Path etcDir,
        @Nullable String appArmorProfile,
        @Nullable Path initProgram) {

    /** Ids in a group's range: 0 to this, exclusive. */
    public static final int ID_RANGE = 65_536;

    /** The command, behind the init if there is one. */
    List<String> arguments() {
        List<String> own = config.process().args();
        if (initProgram == null) {
            return own;
        }
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(OciConfig.INIT_PATH, "--"), own.stream())
                .toList();
    }
}
