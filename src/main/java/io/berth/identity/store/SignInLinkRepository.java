package io.berth.identity.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;

/** Sign-in links in the database. One statement uses a link up, so of two at once only one gets in. */
@ApplicationScoped
public class SignInLinkRepository {

    private final DataSource database;

    SignInLinkRepository(DataSource database) {
        this.database = database;
    }

    public void add(byte[] hash, String user, String createdBy, Instant now, Instant expiresAt) {
        update(
                "insert into sign_in_link (hash, user_id, created_by, created_at, expires_at) values (?, ?, ?, ?, ?)",
                hash,
                user,
                createdBy,
                Timestamp.from(now),
                Timestamp.from(expiresAt));
    }

    /** The user a link is for, if it is good now. */
    public Optional<String> find(byte[] hash, Instant now) {
        return query(
                "select user_id from sign_in_link where hash = ? and used_at is null and expires_at > ?",
                hash,
                Timestamp.from(now));
    }

    /** The user a link is for, if it was good now; from here on it is not. */
    public Optional<String> use(byte[] hash, Instant now) {
        return query(
                "update sign_in_link set used_at = ? where hash = ? and used_at is null and expires_at > ?"
                        + " returning user_id",
                Timestamp.from(now),
                hash,
                Timestamp.from(now));
    }

    /** Whether it was used; if not, it is unknown or too old. */
    public boolean isUsed(byte[] hash) {
        return query("select user_id from sign_in_link where hash = ? and used_at is not null", hash)
                .isPresent();
    }

    public void deleteOlder(Instant than) {
        update("delete from sign_in_link where expires_at < ?", Timestamp.from(than));
    }

    private Optional<String> query(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, sql, arguments);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read a sign-in link", e);
        }
    }

    private void update(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = prepare(connection, sql, arguments)) {
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write a sign-in link", e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < arguments.length; i++) {
            statement.setObject(i + 1, arguments[i]);
        }
        return statement;
    }
}
