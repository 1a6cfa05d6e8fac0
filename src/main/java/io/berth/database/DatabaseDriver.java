package io.berth.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * PostgreSQL's driver, which waits for the embedded database before the first connection. So the database starts while
 * the rest of the server does, and nothing but this class needs to know.
 */
public final class DatabaseDriver extends Driver {

    private static volatile @Nullable EmbeddedPostgres starting;

    /** The database that connections must wait for. */
    public static void waitFor(EmbeddedPostgres database) {
        starting = database;
    }

    @Override
    public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
        EmbeddedPostgres database = starting;
        if (database != null) {
            database.awaitReady();
            starting = null;
        }
        return super.connect(url, info);
    }
}
