package io.berth.audit.store;

import io.berth.audit.AuditChain;
import io.berth.audit.AuditEntry;
import io.berth.audit.ChainHead;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The chain in the database. It is read from there where it ends, each time: a batch that two servers might write at once fails
 * on the number, and is tried again.
 */
@ApplicationScoped
public class StoredChain implements AuditChain {

    private final DataSource database;

    StoredChain(DataSource database) {
        this.database = database;
    }

    private record End(ChainHead head, Instant at) {}

    @Override
    public ChainHead append(List<AuditEntry> entries, boolean perhapsThere) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Set<String> there = perhapsThere ? present(connection, entries) : Set.of();
                ChainHead head = append(
                        connection,
                        entries.stream().filter(e -> !there.contains(e.id())).toList());
                connection.commit();
                return head;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the audit could not be written to the database: " + e.getMessage(), e);
        }
    }

    /** Whether the entry of that number has that hash. */
    public boolean has(ChainHead head) {
        try (Connection connection = database.getConnection()) {
            return head.seq() == 0 || ChainVerifier.has(connection, head);
        } catch (SQLException e) {
            throw new IllegalStateException("the audit cannot be read", e);
        }
    }

    /** Where the chain ends now. */
    public ChainHead head() {
        try (Connection connection = database.getConnection()) {
            return end(connection).head();
        } catch (SQLException e) {
            throw new IllegalStateException("the audit cannot be read", e);
        }
    }

    private static ChainHead append(Connection connection, List<AuditEntry> entries) throws SQLException {
        End end = end(connection);
        long seq = end.head().seq();
        byte[] hash = end.head().hash();
        Instant at = end.at();
        try (PreparedStatement insert = connection.prepareStatement(EntryRow.INSERT)) {
            for (AuditEntry entry : entries) {
                // times never go back along the chain, so that a time can be found by its number
                at = entry.at().isAfter(at) ? entry.at() : at;
                EntryRow row = EntryRow.of(++seq, at, entry);
                hash = row.hash(hash);
                row.bind(insert, hash);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        return new ChainHead(seq, hash);
    }

    private static End end(Connection connection) throws SQLException {
        String sql = "(select seq, hash, at from audit_entry order by seq desc limit 1) union all"
                + " (select seq, hash, at from audit_checkpoint order by seq desc limit 1) order by seq desc limit 1";
        try (PreparedStatement select = connection.prepareStatement(sql);
                ResultSet row = select.executeQuery()) {
            return row.next()
                    ? new End(new ChainHead(row.getLong("seq"), row.getBytes("hash")), EntryRow.instant(row, "at"))
                    : new End(ChainHead.GENESIS, Instant.EPOCH);
        }
    }

    private static Set<String> present(Connection connection, List<AuditEntry> entries) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select id from audit_entry where id = any (?)")) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "text", entries.stream().map(AuditEntry::id).toArray()));
            Set<String> present = new HashSet<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    present.add(rows.getString(1));
                }
            }
            return present;
        }
    }
}
