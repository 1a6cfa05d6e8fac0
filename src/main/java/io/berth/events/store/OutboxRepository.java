package io.berth.events.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.berth.common.Ids;
import io.berth.events.EventDraft;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** Events that have no position yet. Plain SQL, so that telling an event is one statement whatever else the transaction does. */
@ApplicationScoped
public class OutboxRepository {

    /** Events sequenced at once, at most. */
    public static final int BATCH = 1000;

    /** Of the advisory lock that makes sequencing one at a time, also between servers. */
    private static final long LOCK = 0x6265727468657674L;

    /**
     * What was written later about an object waits for what is held of it. Rows are moved in the order they were written in, and
     * become visible together. Written so that its cost follows the rows there are whatever the planner believes: the outbox is
     * mostly empty when its statistics are taken, and a nested loop over a burst is quadratic.
     */
    private static final String MOVE = """
            with waiting as materialized (
                select object, min(seq) as since from event_outbox where held and object <> all (?) group by object),
            ready as (
                select o.seq from event_outbox o left join waiting w on w.object = o.object
                where (not o.held or o.object = any (?)) and (w.since is null or o.seq < w.since)
                order by o.seq limit 1000),
            moved as (delete from event_outbox where seq = any (array(select seq from ready)) returning *)
            insert into event (position, id, tenant, type, object, at, data)
            select nextval('event_position'), id, tenant, type, object, at, data from (select * from moved order by seq) m
            """;

    private final DataSource database;
    private final ObjectMapper mapper;

    OutboxRepository(DataSource database, ObjectMapper mapper) {
        this.database = database;
        this.mapper = mapper;
    }

    /** Writes events down in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void append(TenantId tenant, List<EventDraft> events, Instant at, boolean held) {
        String sql = "insert into event_outbox (id, tenant, type, object, at, data, held)"
                + " select e.id, ?, e.type, e.object, ?, e.data, ?"
                + " from json_to_recordset(cast(? as json)) as e(id text, type text, object text, data json)";
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, tenant.value());
            insert.setTimestamp(2, Timestamp.from(at));
            insert.setBoolean(3, held);
            insert.setString(4, toJson(events));
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write events", e);
        }
    }

    /** Deletes what is held of an object, in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void withdraw(String object) {
        try (Connection connection = database.getConnection();
                PreparedStatement delete =
                        connection.prepareStatement("delete from event_outbox where held and object = ?")) {
            delete.setString(1, object);
            delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot withdraw events of " + object, e);
        }
    }

    /** Nothing is held any more. */
    @Transactional
    public void releaseAll() {
        try (Connection connection = database.getConnection();
                PreparedStatement update =
                        connection.prepareStatement("update event_outbox set held = false where held")) {
            update.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot release held events", e);
        }
    }

    /**
     * Gives positions to committed events, {@link #BATCH} at most. When it returns they are on the disk, and with them all that was
     * committed before, lazily or not: a position that was seen is never given again.
     *
     * @param released objects whose held events may go
     * @return how many there were
     */
    @Transactional
    public int sequence(Set<String> released) {
        try (Connection connection = database.getConnection();
                PreparedStatement lock = connection.prepareStatement("select pg_advisory_xact_lock(?)");
                PreparedStatement move = connection.prepareStatement(MOVE)) {
            lock.setLong(1, LOCK);
            lock.execute();
            var objects = connection.createArrayOf("text", released.toArray());
            move.setArray(1, objects);
            move.setArray(2, objects);
            return move.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot sequence events", e);
        }
    }

    private String toJson(List<EventDraft> events) {
        ArrayNode rows = mapper.createArrayNode();
        for (EventDraft event : events) {
            rows.addObject()
                    .put("id", Ids.next("evt"))
                    .put("type", event.type())
                    .put("object", event.object())
                    .set("data", mapper.valueToTree(event.data()));
        }
        try {
            return mapper.writeValueAsString(rows);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
