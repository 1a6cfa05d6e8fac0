package io.berth.audit.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.auth.Subject;
import io.berth.audit.AuditEntry;
import io.berth.audit.ChainHead;
import io.berth.audit.ChainedEntry;
import io.berth.audit.Outcome;
import io.berth.tenants.TenantId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code audit_entry}: what is hashed is exactly what the columns hold, so that whoever has the rows alone can check
 * them.
 *
 * @param texts the text columns, in the order of {@link #TEXTS}
 */
record EntryRow(
        long seq,
        Instant at,
        List<@Nullable String> texts,
        @Nullable Integer status) {

    /** In the order of the canonical form, which must not change. */
    static final List<String> TEXTS = List.of(
            "id",
            "request_id",
            "tenant",
            "subject_kind",
            "subject_id",
            "subject_name",
            "credential",
            "source",
            "user_agent",
            "action",
            "object_type",
            "object_id",
            "object_name",
            "outcome",
            "code",
            "details");

    static final String COLUMNS = "seq, at, status, hash, " + String.join(", ", TEXTS);
    static final String INSERT =
            "insert into audit_entry (" + COLUMNS + ") values (?, ?, ?, ?" + ", ?".repeat(TEXTS.size()) + ")";

    private static final byte VERSION = 1;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<Map<String, String>> DETAILS = new TypeReference<>() {};

    EntryRow {
        texts = Collections.unmodifiableList(new ArrayList<>(texts));
    }

    static EntryRow of(long seq, Instant at, AuditEntry entry) {
        Subject subject = entry.actor().subject();
        List<@Nullable String> texts = new ArrayList<>();
        texts.add(entry.id());
        texts.add(entry.requestId());
        texts.add(entry.tenant() == null ? null : entry.tenant().value());
        texts.add(subject == null ? null : subject.kind().name().toLowerCase(Locale.ROOT));
        texts.add(subject == null ? null : subject.id());
        texts.add(subject == null ? null : subject.name());
        texts.add(entry.actor().credential());
        texts.add(entry.actor().source());
        texts.add(entry.actor().userAgent());
        texts.add(entry.action());
        texts.add(entry.object().type());
        texts.add(entry.object().id());
        texts.add(entry.object().name());
        texts.add(entry.result().outcome().wireName());
        texts.add(entry.result().code());
        texts.add(write(entry.details()));
        return new EntryRow(
                seq, at.truncatedTo(ChronoUnit.MICROS), texts, entry.result().status());
    }

    static EntryRow read(ResultSet row) throws SQLException {
        List<@Nullable String> texts = new ArrayList<>();
        for (String column : TEXTS) {
            texts.add(row.getString(column));
        }
        int status = row.getInt("status");
        Integer known = row.wasNull() ? null : status;
        return new EntryRow(row.getLong("seq"), instant(row, "at"), texts, known);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    void bind(PreparedStatement insert, byte[] hash) throws SQLException {
        insert.setLong(1, seq);
        insert.setObject(2, at.atOffset(ZoneOffset.UTC));
        insert.setObject(3, status, java.sql.Types.INTEGER);
        insert.setBytes(4, hash);
        for (int i = 0; i < TEXTS.size(); i++) {
            insert.setString(5 + i, texts.get(i));
        }
    }

    /**
     * SHA-256 over: the hash before it (32 bytes), a version (1 byte), seq and the time in microseconds since 1970 (8 bytes each, big
     * endian), the status (4 bytes, -1 for none), and each text as its length in bytes (4 bytes, -1 for null) and its UTF-8.
     */
    byte[] hash(byte[] previous) {
        MessageDigest digest = sha256();
        digest.update(previous);
        ByteBuffer numbers = ByteBuffer.allocate(1 + 8 + 8 + 4);
        numbers.put(VERSION).putLong(seq).putLong(ChronoUnit.MICROS.between(Instant.EPOCH, at));
        numbers.putInt(status == null ? -1 : status);
        digest.update(numbers.array());
        for (String text : texts) {
            byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4)
                    .putInt(text == null ? -1 : bytes.length)
                    .array());
            digest.update(bytes);
        }
        return digest.digest();
    }

    ChainedEntry toEntry(byte[] hash) {
        String kind = text("subject_kind");
        Subject subject = kind == null
                ? null
                : new Subject(
                        Subject.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                        String.valueOf(text("subject_id")),
                        String.valueOf(text("subject_name")));
        String tenant = text("tenant");
        AuditEntry entry = new AuditEntry(
                String.valueOf(text("id")),
                at,
                new AuditEntry.Actor(subject, text("credential"), text("source"), text("user_agent")),
                tenant == null ? null : new TenantId(tenant),
                String.valueOf(text("action")),
                new AuditEntry.Target(text("object_type"), text("object_id"), text("object_name")),
                new AuditEntry.Result(
                        Outcome.valueOf(String.valueOf(text("outcome")).toUpperCase(Locale.ROOT)),
                        status,
                        text("code")),
                text("request_id"),
                details());
        return new ChainedEntry(entry, new ChainHead(seq, hash));
    }

    @Nullable
    String text(String column) {
        return texts.get(TEXTS.indexOf(column));
    }

    private Map<String, String> details() {
        try {
            return MAPPER.readValue(String.valueOf(text("details")), DETAILS);
        } catch (JsonProcessingException tampered) {
            return Map.of("unreadable", String.valueOf(text("details")));
        }
    }

    private static String write(Map<String, String> details) {
        try {
            return MAPPER.writeValueAsString(details);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings can always be written", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
