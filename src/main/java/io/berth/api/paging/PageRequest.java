package io.berth.api.paging;

import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is wanted.
 *
 * @param after key of the last item seen, {@code null} for the first page
 * @param limit 1-200 items
 */
public record PageRequest(@Nullable String after, int limit) {

    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 200;

    private static final String VERSION = "1:";

    /**
     * Reads the query parameters {@code cursor} and {@code limit}.
     *
     * @throws BerthException naming the one that is not good
     */
    public static PageRequest of(@Nullable String cursor, @Nullable Integer limit) {
        int wanted = limit == null ? DEFAULT_LIMIT : limit;
        if (wanted < 1 || wanted > MAX_LIMIT) {
            throw BerthException.invalidField("?limit", "must be 1 to " + MAX_LIMIT + ", not " + wanted);
        }
        return new PageRequest(cursor == null ? null : decode(cursor), wanted);
    }

    static String cursorAfter(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((VERSION + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String cursor) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            if (cursor.length() <= 512 && text.startsWith(VERSION) && text.indexOf('\0') < 0) {
                return text.substring(VERSION.length());
            }
        } catch (IllegalArgumentException notBase64) {
            // refused below
        }
        String message = "not a cursor of this list: take 'next' of the page before";
        throw new BerthException(
                ErrorCode.INVALID_CURSOR, message, List.of(new FieldError("?cursor", message)), Map.of(), null);
    }
}
