package io.berth.audit.store;

import io.berth.audit.AuditQuery;
import io.berth.audit.ChainHead;
import io.berth.audit.ChainedEntry;
import io.berth.common.Ids;
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
import org.jspecify.annotations.Nullable;

/** Reads the chain, and removes what need not be kept any longer. */
@ApplicationScoped
public class AuditRepository {

    private final DataSource database;

    AuditRepository(DataSource database) {
        this.database = database;
    }

    /** Newest first. @param before only entries of lower numbers */
    public List<ChainedEntry> find(AuditQuery query, @Nullable Long before, int limit) {
        Where where = where(query, before);
        List<Object> arguments = new ArrayList<>();
        String sql;
        if (query.object() == null) {
            sql = select(where, arguments, limit);
        } else {
            // each by its own index; with 'or' the planner would rather read the whole chain backwards
            where.and("object_id = ?", query.object());
            sql = "(" + select(where, arguments, limit) + ") union all (";
            where.removeLast();
            where.and("object_name = ?", query.object());
            where.and("object_id is distinct from ?", query.object());
            sql += select(where, arguments, limit) + ") order by seq desc limit ?";
            arguments.add(limit);
        }
        return read(sql, arguments);
    }

    private static String select(Where where, List<Object> arguments, int limit) {
        arguments.addAll(where.arguments);
        arguments.add(limit);
        return "select " + EntryRow.COLUMNS + " from audit_entry" + where.sql() + " order by seq desc limit ?";
    }

    private List<ChainedEntry> read(String sql, List<Object> arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.size(); i++) {
                select.setObject(i + 1, arguments.get(i));
            }
            List<ChainedEntry> found = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(EntryRow.read(rows).toEntry(rows.getBytes("hash")));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException("the audit cannot be read", e);
        }
    }

    private static final class Where {
        private final List<String> conditions = new ArrayList<>();
        private final List<Object> arguments = new ArrayList<>();

        void and(String condition, Object value) {
            conditions.add(condition);
            arguments.add(value);
        }

        void removeLast() {
            conditions.remove(conditions.size() - 1);
            arguments.remove(arguments.size() - 1);
        }

        String sql() {
            return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
        }
    }

    private static Where where(AuditQuery query, @Nullable Long before) {
        Where where = new Where();
        if (query.tenant() != null) {
            where.and("tenant = ?", query.tenant().value());
        }
        if (query.from() != null) {
            // times rise with the numbers, so a page is read along the numbers and not sorted
            where.and("seq >= (select seq from audit_entry where at >= ? order by at, seq limit 1)", utc(query.from()));
        }
        if (query.to() != null) {
            where.and(
                    "seq <= (select seq from audit_entry where at < ? order by at desc, seq desc limit 1)",
                    utc(query.to()));
        }
        if (query.actor() != null) {
            boolean id = Ids.isId("tok", query.actor()) || Ids.isId("usr", query.actor());
            where.and(id ? "subject_id = ?" : "subject_name = ?", query.actor());
        }
        if (query.action() != null) {
            where.and("action = ?", query.action());
        }
        if (query.outcome() != null) {
            where.and("outcome = ?", query.outcome().wireName());
        }
        if (before != null) {
            where.and("seq < ?", before);
        }
        return where;
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** The last entry before a moment, if any is that old. */
    public Optional<ChainHead> lastBefore(Instant moment) {
        String sql = "select seq, hash from audit_entry where at < ? order by at desc, seq desc limit 1";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, utc(moment));
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new ChainHead(row.getLong("seq"), row.getBytes("hash")))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the audit cannot be read", e);
        }
    }

    /**
     * Removes the entries up to this one, which becomes the beginning of the chain. The chain must tell of it already
     * ({@link ChainVerifier#PRUNE}).
     *
     * @return how many were removed
     */
    public int prune(ChainHead upTo, Instant now) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement mark =
                            connection.prepareStatement("insert into audit_checkpoint (seq, hash, at, made_at)"
                                    + " select seq, hash, at, ? from audit_entry where seq = ?");
                    PreparedStatement delete = connection.prepareStatement("delete from audit_entry where seq <= ?")) {
                mark.setObject(1, utc(now));
                mark.setLong(2, upTo.seq());
                mark.executeUpdate();
                delete.setLong(1, upTo.seq());
                int removed = delete.executeUpdate();
                connection.commit();
                return removed;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the audit cannot be shortened: " + e.getMessage(), e);
        }
    }
}
