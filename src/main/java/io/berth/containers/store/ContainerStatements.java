package io.berth.containers.store;

import io.berth.containers.Container;
import io.berth.containers.Observation;
import io.berth.containers.StopReason;
import io.berth.containers.store.ContainerRepository.Durability;
import io.berth.engine.ContainerId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What every command on a container asks of its row, in plain SQL of one statement each: an entity would be read, compared and written
 * as a whole for it.
 */
@ApplicationScoped
class ContainerStatements {

    private static final String MOVE = "update container set desired = ?, state = ?, exit_code = ?, oom_killed = ?,"
            + " ip_address = ?, restart_count = ?, started_at = ?, finished_at = ?, timings = cast(? as jsonb),"
            + " failure = ?, stop_reason = ?, runs = ?, version = ?";
    private static final String OF_VERSION = " where id = ? and version = ?";
    /** The same as {@code set local synchronous_commit = off}, without a way to the database of its own. */
    private static final String LAZILY = "with lazily as (select set_config('synchronous_commit', 'off', true)) ";

    private final DataSource database;
    private final ContainerRows rows;

    ContainerStatements(DataSource database, ContainerRows rows) {
        this.database = database;
        this.rows = rows;
    }

    /** Whether it is still stored as it is. */
    boolean isCurrent(Container container) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("select 1 from container" + OF_VERSION)) {
            select.setString(1, container.id().value());
            select.setLong(2, container.version());
            try (var row = select.executeQuery()) {
                return row.next();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look at container " + container.id(), e);
        }
    }

    /**
     * Stores a state, in the caller's transaction, if the row is still at the version before; a specification is not stored.
     *
     * @return whether it was
     */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean move(long before, Container next, Durability durability) {
        String sql = durability == Durability.LAZY ? LAZILY + MOVE + " from lazily" + OF_VERSION : MOVE + OF_VERSION;
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            Observation seen = next.observed();
            StopReason reason = seen.stopReason();
            int parameter = 1;
            update.setString(parameter++, next.desired().name());
            update.setString(parameter++, seen.state().name());
            update.setObject(parameter++, seen.exitCode(), Types.INTEGER);
            update.setBoolean(parameter++, seen.oomKilled());
            update.setString(parameter++, seen.ipAddress());
            update.setInt(parameter++, next.restartCount());
            update.setTimestamp(parameter++, timestamp(seen.startedAt()));
            update.setTimestamp(parameter++, timestamp(seen.finishedAt()));
            update.setString(parameter++, rows.write(seen.timings()));
            update.setString(parameter++, seen.failure());
            update.setString(parameter++, reason == null ? null : reason.name());
            update.setBoolean(parameter++, ContainerRows.runs(next));
            update.setLong(parameter++, next.version());
            update.setString(parameter++, next.id().value());
            update.setLong(parameter, before);
            return update.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot store the state of container " + next.id(), e);
        }
    }

    /** Deletes its row, in the caller's transaction. Returns whether there was one. */
    @Transactional(Transactional.TxType.MANDATORY)
    boolean delete(ContainerId id) {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement("delete from container where id = ?")) {
            delete.setString(1, id.value());
            return delete.executeUpdate() > 0;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot delete the row of container " + id, e);
        }
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }
}
