package io.berth.api.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The {@code Prefer} header (RFC 7240). */
public final class Prefer {

    private Prefer() {}

    /** Whether the client would rather have an operation at once than wait. */
    public static boolean isAsync(@Nullable String header) {
        return header != null
                && Arrays.stream(header.split("[,;]", -1))
                        .anyMatch(part -> part.strip().equalsIgnoreCase("respond-async"));
    }
}
