package io.berth.images.credentials.store;

import io.berth.images.credentials.StoredRegistry;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Sealed credentials by tenant and host. */
@ApplicationScoped
public class RegistryCredentialRepository {

    private final DataSource database;

    RegistryCredentialRepository(DataSource database) {
        this.database = database;
    }

    /** A row. */
    public record Row(TenantId tenant, StoredRegistry registry, byte[] sealed) {}

    /**
     * Stores or replaces; refuses a new one above the bound.
     *
     * @return empty if the tenant has so many already
     */
    public Optional<StoredRegistry> put(TenantId tenant, String host, byte[] sealed, Instant now, int most) {
        List<Row> stored = query(
                "insert into registry_credential (tenant, host, sealed, created_at, updated_at)"
                        + " select ?, ?, ?, ?, ? where exists (select from registry_credential where tenant = ? and host = ?)"
                        + " or (select count(*) from registry_credential where tenant = ?) < ?"
                        + " on conflict (tenant, host) do update set sealed = excluded.sealed, updated_at = excluded.updated_at"
                        + " returning *",
                tenant.value(),
                host,
                sealed,
                utc(now),
                utc(now),
                tenant.value(),
                host,
                tenant.value(),
                most);
        return stored.stream().map(Row::registry).findFirst();
    }

    public Optional<Row> find(TenantId tenant, String host) {
        return query("select * from registry_credential where tenant = ? and host = ?", tenant.value(), host).stream()
                .findFirst();
    }

    /** By host. */
    public List<Row> list(TenantId tenant) {
        return query("select * from registry_credential where tenant = ? order by host", tenant.value());
    }

    /** Of all tenants. */
    public List<Row> listAll() {
        return query("select * from registry_credential");
    }

    /** Replaces a sealed form by another of the same credentials, if it is still there. */
    public boolean replace(Row row, byte[] sealed) {
        return !query(
                        "update registry_credential set sealed = ? where tenant = ? and host = ? and sealed = ? returning *",
                        sealed,
                        row.tenant().value(),
                        row.registry().host(),
                        row.sealed())
                .isEmpty();
    }

    /** @return whether there was one */
    public boolean delete(TenantId tenant, String host) {
        return !query("delete from registry_credential where tenant = ? and host = ? returning *", tenant.value(), host)
                .isEmpty();
    }

    private List<Row> query(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            List<Row> rows = new ArrayList<>();
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(new Row(
                            new TenantId(found.getString("tenant")),
                            new StoredRegistry(
                                    found.getString("host"),
                                    instant(found, "created_at"),
                                    instant(found, "updated_at")),
                            found.getBytes("sealed")));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException("registry credentials cannot be read or written", e);
        }
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
