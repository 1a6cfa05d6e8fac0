package io.berth.startup;

import io.berth.engine.mount.MountTable;
import io.berth.secrets.SecretKeyException;
import io.berth.secrets.SecretKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The data directory: who can get at it, and where it is. It may not exist yet; nothing is made. */
record FileSettings(Path dataDir, Clock clock) {

    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final Set<PosixFilePermission> WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> READ_OR_WRITE = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    List<StartupFinding> check() throws IOException {
        List<StartupFinding> findings = new ArrayList<>();
        secretKey(findings);
        adminToken(findings);
        dataDirectory(findings);
        volatileData(findings);
        clock(findings);
        return findings;
    }

    private void secretKey(List<StartupFinding> findings) {
        try {
            SecretKeyFile.check(dataDir.resolve(SecretKeyFile.NAME));
        } catch (SecretKeyException e) {
            findings.add(new StartupFinding(
                    StartupCheck.SECRET_KEY, String.valueOf(e.getMessage()), "docs/secrets.md has the steps"));
        }
    }

    private void adminToken(List<StartupFinding> findings) throws IOException {
        Path file = dataDir.resolve("admin.token");
        permissionsOf(file, READ_OR_WRITE)
                .ifPresent(permissions -> findings.add(new StartupFinding(
                        StartupCheck.ADMIN_TOKEN,
                        file + " is " + permissions,
                        "chmod 600 " + file + ", and revoke the token if others may have read it")));
    }

    private void dataDirectory(List<StartupFinding> findings) throws IOException {
        permissionsOf(dataDir, WRITE)
                .ifPresent(permissions -> findings.add(new StartupFinding(
                        StartupCheck.DATA_DIRECTORY, dataDir + " is " + permissions, "chmod 711 " + dataDir)));
    }

    /** What a file's permissions are, if it is there and any of these is among them. */
    private static Optional<String> permissionsOf(Path path, Set<PosixFilePermission> any) throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        return permissions.stream().anyMatch(any::contains)
                ? Optional.of(PosixFilePermissions.toString(permissions))
                : Optional.empty();
    }

    private void volatileData(List<StartupFinding> findings) throws IOException {
        Path place = dataDir;
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        MountTable.read()
                .holding(place.toRealPath())
                .filter(mount -> IN_MEMORY.contains(mount.type()))
                .ifPresent(mount -> findings.add(new StartupFinding(
                        StartupCheck.VOLATILE_DATA,
                        dataDir + " is on a " + mount.type(),
                        "Choose a directory on a disk (--data-dir)")));
    }

    /** A clock that runs backwards is told by files that were written in its future. */
    private void clock(List<StartupFinding> findings) throws IOException {
        Instant now = clock.instant();
        for (String name : List.of("instance", "lock", "admin.token", SecretKeyFile.NAME)) {
            Path file = dataDir.resolve(name);
            if (Files.exists(file)
                    && Files.getLastModifiedTime(file).toInstant().isAfter(now.plus(SKEW))) {
                findings.add(new StartupFinding(
                        StartupCheck.CLOCK,
                        "it is " + now + " by the host's clock, and " + file + " was written at "
                                + Files.getLastModifiedTime(file),
                        "Set the clock, and keep it by NTP"));
                return;
            }
        }
    }
}
