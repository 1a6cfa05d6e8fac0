package io.berth.events.store;

import io.berth.events.Event;
import io.berth.events.EventFilter;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Events that have a position. What is visible up to one is complete: none will appear before it later. */
@ApplicationScoped
public class EventRepository {

    private static final String COLUMNS = "select position, id, tenant, type, object, at, data from event";

    private final DataSource database;

    EventRepository(DataSource database) {
        this.database = database;
    }

    /** The last position; 0 before the first event. */
    public long head() {
        return number("select coalesce(max(position), 0) from event");
    }

    /**
     * The last position that is no longer kept, 0 if all are.
     *
     * @param tenant {@code null} is all of them
     */
    public long horizon(@Nullable TenantId tenant) {
        return tenant == null
                ? number("select coalesce(max(position), 0) from event_horizon")
                : number("select coalesce(max(position), 0) from event_horizon where tenant = ?", tenant.value());
    }

    /** Events of all tenants after a position, in order. */
    public List<Event> after(long position, int limit) {
        return list(COLUMNS + " where position > ? order by position limit ?", position, limit);
    }

    /**
     * The events in {@code (after, upTo]} that pass the filter, in order. Reads the tenant's events only; types and objects are
     * compared row by row.
     */
    public List<Event> page(EventFilter filter, long after, long upTo, int limit) {
        StringBuilder sql = new StringBuilder(COLUMNS).append(" where position > ? and position <= ?");
        List<Object> arguments = new ArrayList<>(List.of(after, upTo));
        TenantId tenant = filter.tenant();
        if (tenant != null) {
            sql.append(" and tenant = ?");
            arguments.add(tenant.value());
        }
        if (!filter.types().isEmpty()) {
            sql.append(" and (type = any (?) or split_part(type, '.', 1) || '.*' = any (?))");
            arguments.add(filter.types());
            arguments.add(filter.types());
        }
        if (!filter.objects().isEmpty()) {
            sql.append(" and object = any (?)");
            arguments.add(filter.objects());
        }
        arguments.add(limit);
        return list(sql.append(" order by position limit ?").toString(), arguments.toArray());
    }

    /** Deletes events older than a time, {@code limit} at most; returns how many. */
    public int deleteBefore(Instant time, int limit) {
        return update(forgetting("select position from event where at < ? limit ?"), Timestamp.from(time), limit);
    }

    /**
     * Deletes all but the newest {@code kept} events of each tenant; returns how many were too many. Where they end is looked for once
     * for each tenant that has so many: looked for beside each event, it would take a time that grows with the square of their
     * number.
     */
    public int deleteSurplus(int kept) {
        return update(
                forgetting("select e.position from"
                        + " (select tenant from event group by tenant having count(*) > ?) t"
                        + " cross join lateral (select s.position from event s where s.tenant = t.tenant"
                        + " order by s.position desc offset ? limit 1) newest"
                        + " join event e on e.tenant = t.tenant and e.position <= newest.position"),
                kept,
                kept);
    }

    /** Deletes everything of a tenant. */
    public void deleteAll(TenantId tenant) {
        update("delete from event_outbox where tenant = ?", tenant.value());
        update("delete from event where tenant = ?", tenant.value());
        update("delete from event_horizon where tenant = ?", tenant.value());
    }

    private static String forgetting(String positions) {
        return "with gone as (delete from event where position in (" + positions + ") returning tenant, position)"
                + ", horizon as (insert into event_horizon (tenant, position)"
                + " select tenant, max(position) from gone group by tenant on conflict (tenant) do update"
                + " set position = greatest(event_horizon.position, excluded.position))"
                + " select count(*) from gone";
    }

    private List<Event> list(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = prepare(connection, sql, arguments);
                ResultSet row = select.executeQuery()) {
            List<Event> events = new ArrayList<>();
            while (row.next()) {
                events.add(new Event(
                        row.getLong("position"),
                        row.getString("id"),
                        row.getString("type"),
                        row.getTimestamp("at").toInstant(),
                        new TenantId(row.getString("tenant")),
                        row.getString("object"),
                        row.getString("data")));
            }
            return events;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read events", e);
        }
    }

    private long number(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = prepare(connection, sql, arguments);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the positions of events", e);
        }
    }

    private int update(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, sql, arguments)) {
            if (!statement.execute()) {
                return statement.getUpdateCount();
            }
            try (ResultSet row = statement.getResultSet()) {
                row.next();
                return row.getInt(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot delete events", e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Set<?> texts) {
                statement.setArray(i + 1, connection.createArrayOf("text", texts.toArray()));
            } else {
                statement.setObject(i + 1, arguments[i]);
            }
        }
        return statement;
    }
}
