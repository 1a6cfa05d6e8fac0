package io.berth.api.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** Keys and the answers they stand for, kept for a day. The primary key decides between two requests at once. */
@ApplicationScoped
class IdempotencyStore implements TenantParticipant {

    private static final Duration KEPT = Duration.ofHours(24);
    private static final String ONE = " where tenant = ? and subject = ? and key = ?";
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private final DataSource database;
    private final ObjectMapper mapper;
    private final Clock clock;

    /** @param tenant empty for requests that are below none */
    record Key(String tenant, String subject, String value) {}

    /** @param unique part of the id of what its request was to make */
    record Unanswered(Key key, String unique) {}

    IdempotencyStore(DataSource database, ObjectMapper mapper, Clock clock) {
        this.database = database;
        this.mapper = mapper;
        this.clock = clock;
    }

    @Scheduled(every = "1h", delayed = "2m")
    void forgetOld() {
        update("delete from idempotency_key where created_at < ?", oldest());
    }

    /** @param unique part of the id of what the request makes */
    Claim claim(Key key, byte[] requestHash, String unique) {
        update(
                "delete from idempotency_key" + ONE + " and created_at < ?",
                key.tenant(),
                key.subject(),
                key.value(),
                oldest());
        int inserted = update(
                "insert into idempotency_key (tenant, subject, key, request_hash, makes, created_at) values (?, ?, ?, ?, ?, ?)"
                        + " on conflict do nothing",
                key.tenant(),
                key.subject(),
                key.value(),
                requestHash,
                unique,
                Timestamp.from(clock.instant()));
        return inserted == 1 ? new Claim.First() : existing(key, requestHash);
    }

    /** Those whose requests have not ended; before any is received, these are the ones that a stop of the server cut off. */
    List<Unanswered> unanswered() {
        String sql = "select tenant, subject, key, makes from idempotency_key where status is null";
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql);
                ResultSet rows = select.executeQuery()) {
            List<Unanswered> all = new ArrayList<>();
            while (rows.next()) {
                all.add(new Unanswered(
                        new Key(rows.getString("tenant"), rows.getString("subject"), rows.getString("key")),
                        rows.getString("makes")));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read idempotency keys", e);
        }
    }

    /** Keeps the answer of a request that succeeded. */
    void complete(Key key, Claim.Answer answer) {
        update(
                "update idempotency_key set status = ?, headers = cast(? as jsonb), body = ?" + ONE,
                answer.status(),
                write(answer.headers()),
                answer.body(),
                key.tenant(),
                key.subject(),
                key.value());
    }

    /** Frees the key of a request that was refused or failed: it has changed nothing. */
    void release(Key key) {
        update("delete from idempotency_key" + ONE + " and status is null", key.tenant(), key.subject(), key.value());
    }

    @Override
    public int order() {
        return Order.RECORDS;
    }

    @Override
    public String subject() {
        return "idempotency keys";
    }

    @Override
    public void delete(TenantId tenant) {
        update("delete from idempotency_key where tenant = ?", tenant.value());
    }

    private Claim existing(Key key, byte[] requestHash) {
        String sql = "select request_hash, status, headers, body from idempotency_key" + ONE;
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, key.tenant());
            select.setString(2, key.subject());
            select.setString(3, key.value());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    // released in between
                    return new Claim.InFlight();
                }
                if (!MessageDigest.isEqual(row.getBytes("request_hash"), requestHash)) {
                    return new Claim.Mismatch();
                }
                int status = row.getInt("status");
                return row.wasNull()
                        ? new Claim.InFlight()
                        : new Claim.Replay(new Claim.Answer(
                                status, mapper.readValue(row.getString("headers"), HEADERS), row.getBytes("body")));
            }
        } catch (SQLException | JsonProcessingException e) {
            throw new IllegalStateException("cannot read an idempotency key", e);
        }
    }

    private int update(String sql, Object... arguments) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write an idempotency key", e);
        }
    }

    private Timestamp oldest() {
        Instant oldest = clock.instant().minus(KEPT);
        return Timestamp.from(oldest);
    }

    private String write(Map<String, String> headers) {
        try {
            return mapper.writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings can always be written", e);
        }
    }
}
