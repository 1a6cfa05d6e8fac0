package io.berth.testing;

import io.berth.common.Directories;
import io.berth.database.EmbeddedPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fresh embedded PostgreSQL for a Quarkus test: {@code @QuarkusTestResource(PostgresResource.class)}. */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {

    private @Nullable Path directory;
    private @Nullable EmbeddedPostgres database;

    @Override
    public Map<String, String> start() {
        try {
            Path made = Files.createTempDirectory(
                    "berth-postgres",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
            directory = made;
            EmbeddedPostgres started = EmbeddedPostgres.launch(made);
            database = started;
            started.awaitReady();
            return Map.of(
                    "quarkus.datasource.jdbc.url", started.jdbcUrl(),
                    "quarkus.datasource.username", started.username(),
                    "quarkus.datasource.password", started.password());
        } catch (IOException e) {
            throw new IllegalStateException("no place for a test database", e);
        }
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
        }
        if (directory != null) {
            try {
                Directories.deleteRecursively(directory);
            } catch (IOException e) {
                throw new IllegalStateException("cannot remove " + directory, e);
            }
        }
    }
}
