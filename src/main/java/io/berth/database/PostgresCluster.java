package io.berth.database;

import io.berth.common.Directories;
import io.berth.common.PrivateFile;
import io.berth.common.Subprocess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * The files of the database and what is needed to reach it, in one directory: the cluster itself, its password, its
 * port and its log.
 */
record PostgresCluster(Path directory, PostgresBinaries binaries, PostgresUser user, String password) {

    static final String SUPERUSER = "berth";
    private static final Duration INITDB_DEADLINE = Duration.ofMinutes(2);

    /** Makes the cluster unless it is there; a half-made one is never seen. Takes about a second the first time. */
    static PostgresCluster ensure(Path directory, PostgresBinaries binaries, PostgresUser user) throws IOException {
        PostgresCluster cluster =
                new PostgresCluster(directory, binaries, user, ensurePassword(directory.resolve("password")));
        if (Files.isDirectory(cluster.data())) {
            cluster.checkVersion();
        } else {
            cluster.initialise();
        }
        return cluster;
    }

    Path data() {
        return directory.resolve("cluster");
    }

    Path log() {
        return directory.resolve("postgres.log");
    }

    /** The port of the last time if it is free, else another one that is. */
    int choosePort() throws IOException {
        Path file = directory.resolve("port");
        int last = 0;
        if (Files.exists(file)) {
            try {
                last = Integer.parseInt(PrivateFile.read(file));
            } catch (NumberFormatException damaged) {
                last = 0;
            }
        }
        int port = freePort(last);
        if (port != last) {
            PrivateFile.write(file, Integer.toString(port));
        }
        return port;
    }

    private static int freePort(int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException | IllegalArgumentException taken) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }
    }

    private void checkVersion() throws IOException {
        String made = PrivateFile.read(data().resolve("PG_VERSION"));
        if (!made.equals(binaries.major())) {
            throw new DatabaseException("the database in " + directory + " was made by PostgreSQL " + made
                    + ", this version of Berth brings " + binaries.major()
                    + ": start the version that made it, or move the data to a database of your own");
        }
    }

    private void initialise() throws IOException {
        Path staging = directory.resolve("cluster.new");
        Path passwordForInitdb = directory.resolve("initdb.password");
        Path userDatabase = directory.resolve("initdb.passwd");
        Directories.deleteRecursively(staging);
        user.own(Directories.create(staging, "rwx------"));
        PrivateFile.write(passwordForInitdb, password);
        try {
            user.own(passwordForInitdb);
            // The builtin locale sorts alike on every host, whatever its libc: an upgrade damages no index.
            Subprocess.run(
                            INITDB_DEADLINE,
                            user.namedCommand(
                                    userDatabase,
                                    List.of(
                                            binaries.program("initdb"),
                                            "--pgdata=" + staging,
                                            "--username=" + SUPERUSER,
                                            "--pwfile=" + passwordForInitdb,
                                            "--auth=scram-sha-256",
                                            "--encoding=UTF8",
                                            "--locale=C",
                                            "--locale-provider=builtin",
                                            "--builtin-locale=C.UTF-8")))
                    .orThrow();
        } finally {
            Files.deleteIfExists(passwordForInitdb);
            Files.deleteIfExists(userDatabase);
        }
        Files.move(staging, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static String ensurePassword(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            PrivateFile.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        return PrivateFile.read(file);
    }
}
