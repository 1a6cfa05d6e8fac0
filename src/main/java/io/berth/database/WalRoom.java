package io.berth.database;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Has the embedded database own the segments of its log that it will write next. It makes one only when it needs it otherwise, and
 * ends with all its connections if the disk is full then. Once there, it reuses them ({@code min_wal_size}).
 */
@ApplicationScoped
class WalRoom {

    private static final Logger LOG = Logger.getLogger(WalRoom.class);
    private static final int SEGMENTS = 5;

    private final DataSource database;

    WalRoom(DataSource database) {
        this.database = database;
    }

    void onStart(@Observes StartupEvent event) {
        if (EmbeddedPostgres.isInUse()) {
            Thread thread = new Thread(this::ensure, "berth-wal-room");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void ensure() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            int missing = SEGMENTS - segments(statement);
            for (int i = 0; i < missing; i++) {
                statement.execute("select pg_logical_emit_message(false, 'berth', ''), pg_switch_wal()");
            }
            if (missing > 0) {
                statement.execute("checkpoint");
            }
        } catch (SQLException e) {
            LOG.warnf("the database has no room for its log in advance: %s", e.getMessage());
        }
    }

    private static int segments(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("select count(*) from pg_ls_waldir() where name ~ '^[0-9A-F]{24}$'")) {
            row.next();
            return row.getInt(1);
        }
    }
}
