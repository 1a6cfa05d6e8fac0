package io.berth.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    @TempDir
    static Path shared;

    @BeforeAll
    static void letTheDatabaseUserIn() throws Exception {
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void keepsDataOverARestart() throws Exception {
        Path directory = shared.resolve("restart");
        try (EmbeddedPostgres database = ready(directory)) {
            run(database, "CREATE TABLE kept (n int)");
            run(database, "INSERT INTO kept VALUES (7)");
        }
        try (EmbeddedPostgres database = ready(directory)) {
            assertThat(query(database, "SELECT n FROM kept")).isEqualTo("7");
        }
    }

    @Test
    void stopsWhatAKilledServerLeftAndKeepsItsData() throws Exception {
        Path directory = shared.resolve("leftover");
        EmbeddedPostgres leftover = ready(directory);
        run(leftover, "CREATE TABLE kept AS SELECT 8 AS n");
        OptionalLong before = new PidFile(directory.resolve("cluster")).livePostmaster();
        try (EmbeddedPostgres database = ready(directory)) {
            assertThat(query(database, "SELECT n FROM kept")).isEqualTo("8");
            assertThat(ProcessHandle.of(before.getAsLong()).filter(ProcessHandle::isAlive))
                    .isEmpty();
        } finally {
            leftover.close();
        }
    }

    @Test
    void recoversAfterItsProcessWasKilled() throws Exception {
        Path directory = shared.resolve("killed");
        EmbeddedPostgres killed = ready(directory);
        run(killed, "CREATE TABLE kept AS SELECT 9 AS n");
        ProcessHandle postmaster = ProcessHandle.of(new PidFile(directory.resolve("cluster"))
                        .livePostmaster()
                        .getAsLong())
                .orElseThrow();
        postmaster.destroyForcibly();
        await().until(() -> !postmaster.isAlive());
        killed.close();
        try (EmbeddedPostgres database = ready(directory)) {
            assertThat(query(database, "SELECT n FROM kept")).isEqualTo("9");
        }
    }

    @Test
    void ignoresAPidFileThatNamesAnotherProcess() throws Exception {
        Path directory = shared.resolve("stale");
        ready(directory).close();
        Files.writeString(
                directory.resolve("cluster/postmaster.pid"),
                ProcessHandle.current().pid() + "\n" + directory.resolve("cluster") + "\n");
        try (EmbeddedPostgres database = ready(directory)) {
            assertThat(query(database, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void asksForThePasswordAndWritesThroughToTheDisk() throws Exception {
        try (EmbeddedPostgres database = ready(shared.resolve("settings"))) {
            assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.username(), "guessed"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(query(database, "SHOW fsync")).isEqualTo("on");
            assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(database, "SHOW autovacuum")).isEqualTo("on");
            assertThat(query(database, "SHOW server_encoding")).isEqualTo("UTF8");
        }
    }

    @Test
    void keepsSecretsToTheOwner() throws Exception {
        Path directory = shared.resolve("modes");
        ready(directory).close();
        for (String secret : new String[] {"password", "port", "postgres.log"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(secret))))
                    .as(secret)
                    .isEqualTo("rw-------");
        }
        assertThat(directory.resolve("initdb.password")).doesNotExist();
    }

    @Test
    void refusesAClusterOfAnotherMajorVersion() throws Exception {
        Path directory = shared.resolve("version");
        ready(directory).close();
        Files.writeString(directory.resolve("cluster/PG_VERSION"), "12\n");
        assertThatThrownBy(() -> EmbeddedPostgres.launch(directory))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("was made by PostgreSQL 12");
    }

    private static EmbeddedPostgres ready(Path directory) {
        EmbeddedPostgres database = EmbeddedPostgres.launch(directory);
        database.awaitReady();
        return database;
    }

    private static void run(EmbeddedPostgres database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }
}
