package io.berth.audit;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A line of the journal: eight hexadecimal digits of CRC-32C over the rest, a space, JSON, a line feed. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = JournalRecord.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = JournalRecord.Ended.class, name = "ended"),
    @JsonSubTypes.Type(value = JournalRecord.Head.class, name = "head")
})
sealed interface JournalRecord {

    /** Somebody is about to do it. */
    record Begun(AuditEntry entry) implements JournalRecord {}

    /** It is over. */
    record Ended(AuditEntry entry) implements JournalRecord {}

    /** Everything up to here is in the database. */
    record Head(String head) implements JournalRecord {}

    ObjectMapper MAPPER = JsonMapper.builder()
            .addModules(new JavaTimeModule(), new ParameterNamesModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    default byte[] line() {
        try {
            // with the type told, since the kind is written for the declared type only
            byte[] json = MAPPER.writerFor(JournalRecord.class).writeValueAsBytes(this);
            byte[] line = new byte[json.length + 10];
            byte[] sum = sum(json, 0, json.length);
            System.arraycopy(sum, 0, line, 0, 8);
            line[8] = ' ';
            System.arraycopy(json, 0, line, 9, json.length);
            line[line.length - 1] = '\n';
            return line;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry can always be written", e);
        }
    }

    /** The record of a line without its line feed; empty if it is damaged. */
    static Optional<JournalRecord> parse(byte[] line) {
        if (line.length < 10 || line[8] != ' ') {
            return Optional.empty();
        }
        byte[] sum = sum(line, 9, line.length - 9);
        for (int i = 0; i < 8; i++) {
            if (sum[i] != line[i]) {
                return Optional.empty();
            }
        }
        try {
            String json = new String(line, 9, line.length - 9, StandardCharsets.UTF_8);
            return Optional.of(MAPPER.readValue(json, JournalRecord.class));
        } catch (JsonProcessingException | IllegalArgumentException ofAnotherVersion) {
            return Optional.empty();
        }
    }

    private static byte[] sum(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return String.format("%08x", crc.getValue()).getBytes(StandardCharsets.US_ASCII);
    }
}
