package io.berth.api.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.berth.common.ByteSize;
import java.io.IOException;
import java.math.BigInteger;

/** A size in JSON: a number of bytes, or when read also a string with a unit. */
final class ByteSizeJson {

    private ByteSizeJson() {}

    static final class Reader extends StdDeserializer<ByteSize> {

        private static final long serialVersionUID = 1L;

        Reader() {
            super(ByteSize.class);
        }

        @Override
        public ByteSize deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                if (parser.hasToken(JsonToken.VALUE_STRING)) {
                    return ByteSize.parse(parser.getText());
                }
                if (parser.hasToken(JsonToken.VALUE_NUMBER_INT)) {
                    return of(parser.getBigIntegerValue());
                }
            } catch (IllegalArgumentException e) {
                throw new InvalidFormatException(parser, e.getMessage(), parser.getText(), ByteSize.class);
            }
            return (ByteSize) context.handleUnexpectedToken(ByteSize.class, parser);
        }

        private static ByteSize of(BigInteger bytes) {
            if (bytes.bitLength() > 63) {
                throw new IllegalArgumentException("size is too large: " + bytes);
            }
            return new ByteSize(bytes.longValue());
        }
    }

    static final class Writer extends StdSerializer<ByteSize> {

        private static final long serialVersionUID = 1L;

        Writer() {
            super(ByteSize.class);
        }

        @Override
        public void serialize(ByteSize size, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeNumber(size.bytes());
        }
    }
}
