package io.berth.files;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that was asked for.
 *
 * @param first byte, counted from 0
 * @param last byte, included
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#name-range">RFC 9110 §14.2</a>
 */
public record ByteRange(long first, long last) {

    private static final Pattern FORM = Pattern.compile("(?i:bytes)\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    /** The file has no byte of what was asked for. */
    public static final class Unsatisfiable extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * The range of a header.
     *
     * @return empty if the whole is to be sent: there is no header, or one that is to be passed over, as one of several ranges is
     */
    public static Optional<ByteRange> parse(@Nullable String header, long size) throws Unsatisfiable {
        Matcher matcher = FORM.matcher(header == null ? "" : header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? Optional.empty() : Optional.of(suffix(Long.parseLong(last), size));
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return Optional.empty();
        }
        if (from >= size) {
            throw new Unsatisfiable();
        }
        return Optional.of(new ByteRange(from, Math.min(to, size - 1)));
    }

    private static ByteRange suffix(long count, long size) throws Unsatisfiable {
        if (count == 0 || size == 0) {
            throw new Unsatisfiable();
        }
        return new ByteRange(Math.max(0, size - count), size - 1);
    }

    public long length() {
        return last - first + 1;
    }
}
