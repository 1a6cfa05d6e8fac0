package io.berth.api.http;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Entity tags of things with a version number ({@code ETag}, {@code If-Match}; RFC 9110 §13). */
public final class EntityTags {

    private EntityTags() {}

    /** As it stands in the {@code ETag} header. */
    public static String of(long version) {
        return "\"" + version + "\"";
    }

    /**
     * Passes if the client's copy is the present one, or it did not say.
     *
     * @param ifMatch the header, {@code null} if absent
     * @throws BerthException {@code PRECONDITION_FAILED}
     */
    public static void requireMatch(@Nullable String ifMatch, long version) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return;
        }
        for (String tag : ifMatch.split(",", -1)) {
            if (tag.strip().equals(of(version))) {
                return;
            }
        }
        throw new BerthException(
                ErrorCode.PRECONDITION_FAILED,
                "it was changed meanwhile: its ETag is " + of(version) + ", If-Match says " + clip(ifMatch)
                        + "; read it again and repeat the change");
    }

    private static String clip(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "…" : text;
    }
}
