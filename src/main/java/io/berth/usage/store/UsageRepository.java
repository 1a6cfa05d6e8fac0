package io.berth.usage.store;

import io.berth.engine.ContainerId;
import io.berth.engine.DiskReading;
import io.berth.engine.DiskSize;
import io.berth.engine.GroupId;
import io.berth.tenants.TenantId;
import io.berth.usage.LastReading;
import io.berth.usage.MeteredResource;
import io.berth.usage.UsageQuery;
import io.berth.usage.UsageRow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Metered usage in the database. However many rows there are to write, it is two statements. */
@ApplicationScoped
public class UsageRepository {

    private static final String ADD_AMOUNTS = """
            insert into usage_bucket (tenant, bucket, container, resource, amount)
            select t.name, u.bucket, u.container, u.resource, u.amount
            from unnest(?, ?, ?, ?, ?) as u (group_id, bucket, container, resource, amount)
            join tenant t on t.group_id = u.group_id and t.deletion is null
            order by 1, 2, 3, 4
            on conflict (tenant, bucket, container, resource)
            do update set amount = usage_bucket.amount + excluded.amount
            """;
    private static final String PUT_STATES = """
            insert into usage_meter (container, tenant, name, run, read_at, cpu_nanos, memory_bytes, network_received,
              network_sent)
            select u.container, t.name, u.name, u.run, u.read_at, u.cpu, u.memory, u.received, u.sent
            from unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
              as u (group_id, container, name, run, read_at, cpu, memory, received, sent)
            join tenant t on t.group_id = u.group_id and t.deletion is null
            on conflict (container) do update set name = coalesce(excluded.name, usage_meter.name), run = excluded.run,
              read_at = excluded.read_at, cpu_nanos = excluded.cpu_nanos, memory_bytes = excluded.memory_bytes,
              network_received = excluded.network_received, network_sent = excluded.network_sent
            """;

    private static final String PUT_DISKS = """
            insert into usage_disk (container, tenant, measured_at, bytes, complete)
            select u.container, t.name, u.measured_at, u.bytes, u.complete
            from unnest(?, ?, ?, ?, ?) as u (group_id, container, measured_at, bytes, complete)
            join tenant t on t.group_id = u.group_id and t.deletion is null
            on conflict (container) do update set measured_at = excluded.measured_at, bytes = excluded.bytes,
              complete = excluded.complete
            """;

    private final DataSource database;

    /** What is to be added to a bucket, in the resource's smallest unit. */
    public record Amount(GroupId group, ContainerId container, Instant bucket, MeteredResource resource, long amount) {}

    /** The reading up to which a container is charged. */
    public record State(
            GroupId group, LastReading reading, @Nullable String name) {}

    UsageRepository(DataSource database) {
        this.database = database;
    }

    /** The readings up to which these containers are charged, as far as there are any. */
    public Map<ContainerId, LastReading> findLast(Collection<ContainerId> containers) {
        Map<ContainerId, LastReading> found = new HashMap<>();
        if (containers.isEmpty()) {
            return found;
        }
        String sql = "select * from usage_meter where container = any (?)";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, texts(connection, containers, ContainerId::value));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ContainerId container = new ContainerId(row.getString("container"));
                    found.put(
                            container,
                            new LastReading(
                                    container,
                                    row.getString("run"),
                                    row.getTimestamp("read_at").toInstant(),
                                    row.getLong("cpu_nanos"),
                                    row.getLong("memory_bytes"),
                                    row.getLong("network_received"),
                                    row.getLong("network_sent")));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read what is metered", e);
        }
    }

    /**
     * Adds amounts and moves readings on, both or neither. What belongs to no living tenant is left out. The commit does not wait
     * for the disk: if the machine fails, counters and charges are lost together.
     */
    @Transactional
    public void record(List<Amount> amounts, List<State> states) {
        try (Connection connection = database.getConnection();
                Statement lazy = connection.createStatement();
                PreparedStatement put = connection.prepareStatement(PUT_STATES)) {
            lazy.execute("set local synchronous_commit = off");
            add(connection, amounts);
            put.setArray(1, texts(connection, states, state -> state.group().value()));
            put.setArray(
                    2,
                    texts(
                            connection,
                            states,
                            state -> state.reading().container().value()));
            put.setArray(3, texts(connection, states, State::name));
            put.setArray(4, texts(connection, states, state -> state.reading().run()));
            put.setArray(5, times(connection, states, state -> state.reading().at()));
            put.setArray(6, numbers(connection, states, state -> state.reading().cpuNanos()));
            put.setArray(7, numbers(connection, states, state -> state.reading().memoryBytes()));
            put.setArray(8, numbers(connection, states, state -> state.reading().networkReceived()));
            put.setArray(9, numbers(connection, states, state -> state.reading().networkSent()));
            put.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write what was metered", e);
        }
    }

    private static void add(Connection connection, List<Amount> amounts) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD_AMOUNTS)) {
            add.setArray(1, texts(connection, amounts, amount -> amount.group().value()));
            add.setArray(2, times(connection, amounts, Amount::bucket));
            add.setArray(
                    3, texts(connection, amounts, amount -> amount.container().value()));
            add.setArray(
                    4, texts(connection, amounts, amount -> amount.resource().name()));
            add.setArray(5, numbers(connection, amounts, Amount::amount));
            add.executeUpdate();
        }
    }

    /** The measurements up to which disk is charged, of all containers. */
    public List<DiskReading> findDisks() {
        String sql = "select t.group_id, d.* from usage_disk d join tenant t on t.name = d.tenant";
        List<DiskReading> found = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new DiskReading(
                        new ContainerId(row.getString("container")),
                        new GroupId(row.getString("group_id")),
                        row.getTimestamp("measured_at").toInstant(),
                        new DiskSize(row.getLong("bytes"), row.getBoolean("complete"))));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read what is measured", e);
        }
    }

    /** Adds amounts, moves measurements on and forgets those of containers that are gone, all or nothing, and as lazily. */
    @Transactional
    public void recordDisks(List<Amount> amounts, List<DiskReading> readings, Collection<ContainerId> gone) {
        try (Connection connection = database.getConnection();
                Statement lazy = connection.createStatement();
                PreparedStatement put = connection.prepareStatement(PUT_DISKS);
                PreparedStatement forget =
                        connection.prepareStatement("delete from usage_disk where container = any (?)")) {
            lazy.execute("set local synchronous_commit = off");
            add(connection, amounts);
            put.setArray(
                    1, texts(connection, readings, reading -> reading.group().value()));
            put.setArray(
                    2,
                    texts(connection, readings, reading -> reading.container().value()));
            put.setArray(3, times(connection, readings, DiskReading::at));
            put.setArray(
                    4, numbers(connection, readings, reading -> reading.size().bytes()));
            put.setArray(
                    5,
                    connection.createArrayOf(
                            "bool",
                            readings.stream()
                                    .map(reading -> reading.size().complete())
                                    .toArray()));
            put.executeUpdate();
            forget.setArray(1, texts(connection, gone, ContainerId::value));
            forget.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write what was measured", e);
        }
    }

    /** What a tenant's containers occupied when each was measured last, in bytes. */
    public long diskNow(TenantId tenant) {
        String sql = "select coalesce(sum(bytes), 0) from usage_disk where tenant = ?";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, tenant.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read what is measured", e);
        }
    }

    /** Sums by step, and by container or tenant if that is asked for; of one tenant or of all. */
    public List<UsageRow> sum(@Nullable TenantId tenant, UsageQuery query, int limit) {
        String key = query.group().column();
        String sql = "select date_bin(cast(? as interval), b.bucket, ?) as at, " + key + " as key, max(m.name) as name,"
                + " b.resource, sum(b.amount) as amount from usage_bucket b"
                + " left join usage_meter m on " + query.group().isByContainer() + " and m.container = b.container"
                + " where b.bucket >= ? and b.bucket < ?" + (tenant == null ? "" : " and b.tenant = ?")
                + " group by 1, 2, 4 order by 1, 2, 4 limit ?";
        List<UsageRow> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            int parameter = 1;
            select.setString(parameter++, query.step().toSeconds() + " seconds");
            select.setTimestamp(parameter++, Timestamp.from(query.from()));
            select.setTimestamp(parameter++, Timestamp.from(query.from()));
            select.setTimestamp(parameter++, Timestamp.from(query.to()));
            if (tenant != null) {
                select.setString(parameter++, tenant.value());
            }
            select.setInt(parameter, limit);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.add(new UsageRow(
                            row.getTimestamp("at").toInstant(),
                            row.getString("key"),
                            row.getString("name"),
                            MeteredResource.valueOf(row.getString("resource")),
                            row.getBigDecimal("amount").doubleValue()));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot add up what was used", e);
        }
    }

    /** Forgets buckets, and the readings of containers that have not run since and are gone: they have the names. */
    public void deleteBefore(Instant time) {
        try (Connection connection = database.getConnection();
                PreparedStatement buckets = connection.prepareStatement("delete from usage_bucket where bucket < ?");
                PreparedStatement meters = connection.prepareStatement("delete from usage_meter m where read_at < ?"
                        + " and not exists (select from usage_disk d where d.container = m.container)")) {
            buckets.setTimestamp(1, Timestamp.from(time));
            buckets.executeUpdate();
            meters.setTimestamp(1, Timestamp.from(time));
            meters.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot forget old usage", e);
        }
    }

    private static <T> Array texts(Connection connection, Collection<T> all, Function<T, @Nullable String> text)
            throws SQLException {
        return connection.createArrayOf("text", all.stream().map(text).toArray());
    }

    private static <T> Array times(Connection connection, Collection<T> all, Function<T, Instant> time)
            throws SQLException {
        return connection.createArrayOf(
                "timestamptz", all.stream().map(time).map(Instant::toString).toArray());
    }

    private static <T> Array numbers(Connection connection, Collection<T> all, Function<T, Long> number)
            throws SQLException {
        return connection.createArrayOf("int8", all.stream().map(number).toArray());
    }
}
