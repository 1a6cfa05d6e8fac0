package io.berth.containers.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.engine.LogEntry;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Log entries as text and as JSON. */
@ApplicationScoped
class LogLines {

    private final ObjectMapper mapper;

    LogLines(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * An entry as JSON.
     *
     * @param text the line without its end
     * @param encoding {@code base64} if the bytes are not UTF-8, else absent
     * @param complete whether the line ends here
     */
    record Line(
            String cursor,
            Instant at,
            String stream,
            String text,
            @Nullable String encoding,
            boolean complete) {}

    /** The bytes the container wrote, each line perhaps after the time it was read. */
    byte[] text(List<LogEntry> entries, boolean timestamps) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (LogEntry entry : entries) {
            if (timestamps) {
                out.writeBytes((entry.at() + " ").getBytes(StandardCharsets.US_ASCII));
            }
            out.writeBytes(entry.text());
            if (entry.complete()) {
                out.write('\n');
            }
        }
        return out.toByteArray();
    }

    /** One JSON object a line, without the last line's end. */
    byte[] json(List<LogEntry> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (LogEntry entry : entries) {
            if (out.size() > 0) {
                out.write('\n');
            }
            out.writeBytes(write(line(entry)));
        }
        return out.toByteArray();
    }

    /** The same as text, which JAX-RS writes as it is; of an object it would tell the media type in a line of its own. */
    String event(LogEntry entry) {
        return new String(write(line(entry)), StandardCharsets.UTF_8);
    }

    static Line line(LogEntry entry) {
        String stream = entry.stream().name().toLowerCase(Locale.ROOT);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(entry.text()))
                    .toString();
            return new Line(entry.cursor(), entry.at(), stream, text, null, entry.complete());
        } catch (CharacterCodingException binary) {
            String text = Base64.getEncoder().encodeToString(entry.text());
            return new Line(entry.cursor(), entry.at(), stream, text, "base64", entry.complete());
        }
    }

    private byte[] write(Line line) {
        try {
            return mapper.writeValueAsBytes(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line can always be written", e);
        }
    }
}
