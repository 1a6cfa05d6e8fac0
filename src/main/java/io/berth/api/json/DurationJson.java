package io.berth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A time in JSON: seconds, or when read also a string such as {@code "90s"}, {@code "5m"}, {@code "2h"}, {@code "7d"}. */
public final class DurationJson {

    private static final Pattern FORM = Pattern.compile("(\\d{1,12})([smhd])");

    private DurationJson() {}

    /** @throws IllegalArgumentException if the text is no time */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "not a time: '" + text + "' (write seconds, or a number with s, m, h or d)");
        }
        long number = Long.parseLong(form.group(1));
        return switch (form.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    static final class Reader extends StdDeserializer<Duration> {

        private static final long serialVersionUID = 1L;

        Reader() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                if (parser.hasToken(JsonToken.VALUE_STRING)) {
                    return parse(parser.getText());
                }
                if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)
                        && parser.getBigIntegerValue().bitLength() < 40) {
                    return Duration.ofSeconds(parser.getLongValue());
                }
            } catch (IllegalArgumentException e) {
                throw new InvalidFormatException(parser, e.getMessage(), parser.getText(), Duration.class);
            }
            return (Duration) context.handleUnexpectedToken(Duration.class, parser);
        }
    }

    static final class Writer extends StdSerializer<Duration> {

        private static final long serialVersionUID = 1L;

        Writer() {
            super(Duration.class);
        }

        @Override
        public void serialize(Duration time, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeNumber(time.toSeconds());
        }
    }
}
