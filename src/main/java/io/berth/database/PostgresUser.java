package io.berth.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whom PostgreSQL's programs run as. They refuse to run as root, so root starts them as a user of their own that has
 * nothing else on the host; anybody else starts them as himself.
 *
 * @param uid the user and group to change to; empty for no change
 */
record PostgresUser(OptionalInt uid) {

    /** In a range that neither distributions nor systemd hand out, and below the ids of containers. */
    private static final int DEDICATED_UID = 61_100;

    static PostgresUser ofThisProcess() {
        return new PostgresUser(processUid() == 0 ? OptionalInt.of(DEDICATED_UID) : OptionalInt.empty());
    }

    private static int processUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException e) {
            throw new DatabaseException("cannot tell the user of this process: /proc is not mounted", e);
        }
    }

    /** The command as this user, with no way back to more rights. See setpriv(1). */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (uid.isPresent()) {
            String id = Integer.toString(uid.getAsInt());
            whole.addAll(
                    List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs", "--"));
        }
        whole.addAll(command);
        return whole;
    }

    /**
     * As {@link #command}, for a program that insists on finding its user in the user database, as initdb does. There
     * this user stands in a file that only the program sees, in a mount namespace of its own: no user is added to the
     * host. The shell's script is fixed, everything that varies is passed beside it.
     *
     * @param userDatabase where to write that file
     */
    List<String> namedCommand(Path userDatabase, List<String> command) throws IOException {
        if (uid.isEmpty()) {
            return command;
        }
        int id = uid.getAsInt();
        Files.writeString(userDatabase, "berth-postgres:x:" + id + ":" + id + "::/nonexistent:/usr/sbin/nologin\n");
        Files.setPosixFilePermissions(userDatabase, PosixFilePermissions.fromString("rw-r--r--"));
        List<String> whole = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$0\" /etc/passwd && exec \"$@\"",
                userDatabase.toString()));
        whole.addAll(command(command));
        return whole;
    }

    /** Gives this user a file or directory, which must not be a symbolic link. */
    void own(Path file) throws IOException {
        if (uid.isPresent()) {
            Files.setAttribute(file, "unix:uid", uid.getAsInt(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:gid", uid.getAsInt(), LinkOption.NOFOLLOW_LINKS);
        }
    }
}
