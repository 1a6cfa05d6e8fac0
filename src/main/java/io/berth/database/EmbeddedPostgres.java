package io.berth.database;

import io.berth.common.Directories;
import io.berth.common.PrivateFile;
import io.berth.common.Subprocess;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * A PostgreSQL server of Berth's own on a loopback port, its files in one directory. It writes through to the disk
 * ({@code fsync}), asks for a password, and runs in a session of its own, so that a ctrl-c in the terminal does not
 * reach it before Berth has stopped using it.
 *
 * <p>The caller makes sure that one process at a time uses a directory. What an earlier process left running, because
 * it was killed, is stopped in good order first.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(EmbeddedPostgres.class);
    private static final Duration READY_DEADLINE = Duration.ofMinutes(2); // recovery after a crash takes its time
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(60);
    private static final long RESTART_SECONDS = 3;
    private static final long POLL_MILLIS = 5;
    private static final long LOG_BOUND = 4L << 20;

    /** For some tens of connections and a small share of the machine's memory. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("max_connections", "50"),
            Map.entry("shared_buffers", "48MB"),
            Map.entry("work_mem", "4MB"),
            Map.entry("maintenance_work_mem", "32MB"),
            Map.entry("max_worker_processes", "2"),
            Map.entry("max_parallel_workers_per_gather", "0"),
            Map.entry("io_method", "sync"),
            Map.entry("jit", "off"),
            Map.entry("huge_pages", "off"),
            Map.entry("wal_level", "minimal"),
            Map.entry("max_wal_senders", "0"),
            Map.entry("max_logical_replication_workers", "0"),
            Map.entry("min_wal_size", "80MB"),
            Map.entry("max_wal_size", "256MB"),
            Map.entry("autovacuum_max_workers", "2"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"));

    private static volatile boolean inUse;

    private final PostgresCluster cluster;
    private final int port;
    private volatile Process postmaster;
    private volatile boolean closed;

    private EmbeddedPostgres(PostgresCluster cluster, Process postmaster, int port) {
        this.cluster = cluster;
        this.postmaster = postmaster;
        this.port = port;
    }

    /**
     * From now on starts it again when it has ended by itself.
     *
     * @param beforeRestart called before each such start
     */
    public void keepRunning(Runnable beforeRestart) {
        inUse = true;
        Thread thread = new Thread(() -> restartEachTime(beforeRestart), "berth-postgres");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether this process is the server of one. */
    static boolean isInUse() {
        return inUse;
    }

    /** One that could not even recover from a crash, as on a full disk, ends. It is started until it stays. */
    private void restartEachTime(Runnable beforeRestart) {
        try {
            while (!closed) {
                postmaster.waitFor();
                TimeUnit.SECONDS.sleep(RESTART_SECONDS);
                beforeRestart.run();
                restart();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void restart() {
        if (closed || postmaster.isAlive()) {
            return;
        }
        LOG.errorf(
                "the embedded database ended with %d and is started again; its log is %s",
                postmaster.exitValue(), cluster.log());
        try {
            new PidFile(cluster.data()).delete();
            postmaster = spawn(cluster, port);
        } catch (IOException e) {
            LOG.errorf("the embedded database cannot be started: %s", e.toString());
        }
    }

    /**
     * Starts a server without waiting until it takes connections. Blocks for some milliseconds, or seconds when the
     * programs must be unpacked and the cluster be made first.
     *
     * @param directory made if missing; every directory above must be searchable for everybody when this is root
     * @throws DatabaseException if it cannot be set up
     */
    public static EmbeddedPostgres launch(Path directory) {
        try {
            PostgresUser user = PostgresUser.ofThisProcess();
            Directories.create(directory, "rwx--x--x");
            PostgresBinaries binaries = PostgresBinaries.ensure(directory);
            PostgresCluster cluster = PostgresCluster.ensure(directory, binaries, user);
            stopLeftover(cluster);
            int port = cluster.choosePort();
            return new EmbeddedPostgres(cluster, spawn(cluster, port), port);
        } catch (IOException e) {
            throw new DatabaseException("the embedded database in " + directory + " cannot be started", e);
        }
    }

    /**
     * Stops in good order what a killed server left running in a directory. Makes nothing; nothing happens if there is
     * no database.
     */
    public static void stopLeftover(Path directory) {
        try {
            if (Files.isDirectory(directory.resolve("cluster"))) {
                PostgresBinaries binaries = PostgresBinaries.ensure(directory);
                stopLeftover(PostgresCluster.ensure(directory, binaries, PostgresUser.ofThisProcess()));
            }
        } catch (IOException e) {
            throw new DatabaseException("the embedded database in " + directory + " cannot be stopped", e);
        }
    }

    /**
     * Blocks until the server takes connections.
     *
     * @throws DatabaseException with the end of its log if it ended instead
     */
    public synchronized void awaitReady() {
        PidFile pidFile = new PidFile(cluster.data());
        long deadline = System.nanoTime() + READY_DEADLINE.toNanos();
        try {
            while (!pidFile.isReady(postmaster.pid())) {
                if (postmaster.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    throw new DatabaseException("the embedded database ended at its start: " + logTail());
                }
                if (System.nanoTime() > deadline) {
                    throw new DatabaseException("the embedded database was not ready after "
                            + READY_DEADLINE.toSeconds() + " s: " + logTail());
                }
            }
        } catch (IOException e) {
            throw new DatabaseException("cannot see whether the embedded database is ready", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseException("interrupted while the embedded database was starting", e);
        }
    }

    /** How to reach a database. */
    public record Access(String jdbcUrl, String username, String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return jdbcUrl;
        }
    }

    /** How to reach the database that a server runs on this directory now; empty if none runs. Makes nothing. */
    public static Optional<Access> findRunning(Path directory) throws IOException {
        if (new PidFile(directory.resolve("cluster")).livePostmaster().isEmpty()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(PrivateFile.read(directory.resolve("port")));
        return Optional.of(
                new Access(jdbcUrl(port), PostgresCluster.SUPERUSER, PrivateFile.read(directory.resolve("password"))));
    }

    public String jdbcUrl() {
        return jdbcUrl(port);
    }

    private static String jdbcUrl(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?ApplicationName=berth";
    }

    public String username() {
        return PostgresCluster.SUPERUSER;
    }

    public String password() {
        return cluster.password();
    }

    /** Ends open connections, writes everything to disk and stops. Blocks until it has ended. Repeatable. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (postmaster.isAlive()) {
                stop(cluster);
            }
            if (!postmaster.waitFor(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
                LOG.errorf("the embedded database (pid %d) did not stop; it is left running", postmaster.pid());
            }
        } catch (IOException e) {
            LOG.error("the embedded database could not be stopped in good order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Process spawn(PostgresCluster cluster, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        List<String> server = new ArrayList<>(List.of(
                cluster.binaries().program("postgres"), "-D", cluster.data().toString()));
        SETTINGS.forEach((name, value) -> server.addAll(List.of("-c", name + "=" + value)));
        server.addAll(List.of("-c", "port=" + port));
        command.addAll(cluster.user().command(server));
        rotate(cluster.log());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(cluster.directory().toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(cluster.log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(Subprocess.environment());
        return builder.start();
    }

    private static void stopLeftover(PostgresCluster cluster) throws IOException {
        PidFile pidFile = new PidFile(cluster.data());
        OptionalLong leftover = pidFile.livePostmaster();
        if (leftover.isPresent()) {
            LOG.infof("stopping the embedded database that a killed server left (pid %d)", leftover.getAsLong());
            stop(cluster);
        }
        pidFile.delete();
    }

    private static void stop(PostgresCluster cluster) throws IOException {
        Subprocess.run(
                        STOP_DEADLINE.plusSeconds(5),
                        cluster.user()
                                .command(List.of(
                                        cluster.binaries().program("pg_ctl"),
                                        "stop",
                                        "--silent",
                                        "--mode=fast",
                                        "--timeout=" + STOP_DEADLINE.toSeconds(),
                                        "--pgdata=" + cluster.data())))
                .orThrow();
    }

    private static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_BOUND) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".old"), StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(log)) {
            PrivateFile.write(log, "");
        }
    }

    private String logTail() throws IOException {
        String text = Files.readString(cluster.log(), StandardCharsets.ISO_8859_1);
        return text.substring(Math.max(0, text.length() - 1500)).strip();
    }
}
