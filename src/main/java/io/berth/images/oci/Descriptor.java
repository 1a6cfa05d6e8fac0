package io.berth.images.oci;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.berth.images.Digest;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Points at content.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md">descriptor.md</a>
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"mediaType", "digest", "size", "platform", "annotations"})
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        @Nullable Platform platform,
        @Nullable Map<String, String> annotations) {

    @SuppressWarnings("ConstantValue") // JSON may lack anything
    public Descriptor {
        if (digest == null) {
            throw new IllegalArgumentException("a descriptor has no digest");
        }
        if (size < 0) {
            throw new IllegalArgumentException("a descriptor has a negative size: " + size);
        }
        mediaType = mediaType == null ? "" : mediaType;
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, null, null);
    }

    public String annotation(String key) {
        return annotations == null ? "" : annotations.getOrDefault(key, "");
    }
}
