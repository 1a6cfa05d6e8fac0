package io.berth.images.oci;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.Digest;
import java.io.IOException;
import java.util.List;

/** Reads and writes the JSON of images: unknown fields are let be, depth and lengths are bounded. */
public final class OciJson {

    /** Bytes of a manifest or index, as registries bound it. */
    public static final int MAX_MANIFEST = 4 << 20;

    /** Bytes of an image configuration. */
    public static final int MAX_CONFIG = 8 << 20;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(1 << 20)
                            .build())
                    .build())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule()
                    .addDeserializer(Digest.class, new DigestReader())
                    .addSerializer(Digest.class, new DigestWriter()))
            .build();

    /** One image of a docker archive's manifest.json. */
    public record DockerArchiveImage(
            @JsonProperty("Config") String config,
            @JsonProperty("Layers") List<String> layers) {

        @SuppressWarnings("ConstantValue") // JSON may lack anything
        public DockerArchiveImage {
            if (config == null || layers == null || layers.contains(null)) {
                throw new IllegalArgumentException("an image has no Config or no Layers");
            }
            layers = List.copyOf(layers);
        }
    }

    private OciJson() {}

    /**
     * @param what for messages, such as {@code manifest sha256:…}
     * @throws BerthException INVALID_IMAGE if it is no JSON of this kind
     */
    public static <T> T read(byte[] json, Class<T> type, String what) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value != null) {
                return value;
            }
        } catch (IOException e) {
            throw invalid(what, e);
        }
        throw new BerthException(ErrorCode.INVALID_IMAGE, what + " is empty");
    }

    public static List<DockerArchiveImage> readDockerArchive(byte[] json) {
        try {
            return MAPPER.readValue(json, new TypeReference<List<DockerArchiveImage>>() {});
        } catch (IOException e) {
            throw new BerthException(
                    ErrorCode.INVALID_ARCHIVE, "manifest.json of the docker archive is not usable: " + reason(e), e);
        }
    }

    /** The media type a manifest or index states itself, or that its fields give away. */
    public static String mediaTypeOf(byte[] json, String what) {
        JsonNode node = read(json, JsonNode.class, what);
        String stated = node.path("mediaType").asText("");
        if (!stated.isEmpty()) {
            return stated;
        }
        if (node.path("schemaVersion").asInt() == 1) {
            return "application/vnd.docker.distribution.manifest.v1+json";
        }
        return node.has("manifests") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    }

    /** Always the same bytes for the same value. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + value, e);
        }
    }

    private static BerthException invalid(String what, IOException e) {
        return new BerthException(ErrorCode.INVALID_IMAGE, what + " is not usable: " + reason(e), e);
    }

    /** Without Jackson's source excerpts and class names. */
    private static String reason(IOException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IllegalArgumentException) {
            return String.valueOf(cause.getMessage());
        }
        String text = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        String line = String.valueOf(text).lines().findFirst().orElse("malformed JSON");
        return line.length() > 200 ? line.substring(0, 200) : line;
    }

    private static final class DigestReader extends StdDeserializer<Digest> {

        private static final long serialVersionUID = 1L;

        DigestReader() {
            super(Digest.class);
        }

        @Override
        public Digest deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString("");
            try {
                return Digest.parse(text);
            } catch (IllegalArgumentException e) {
                throw context.weirdStringException(text, Digest.class, "not a sha256 digest");
            }
        }
    }

    private static final class DigestWriter extends StdSerializer<Digest> {

        private static final long serialVersionUID = 1L;

        DigestWriter() {
            super(Digest.class);
        }

        @Override
        public void serialize(Digest digest, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(digest.toString());
        }
    }
}
