package io.berth.images.content;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records of one PAX extended header: {@code "<length> <key>=<value>\n"}. Values stay bytes, because those of
 * extended attributes are binary.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_03">pax</a>
 */
final class PaxRecords {

    private static final String XATTR = "SCHILY.xattr.";

    private final Map<String, byte[]> values = new HashMap<>();

    static PaxRecords parse(byte[] data) throws TarFormatException {
        PaxRecords records = new PaxRecords();
        int at = 0;
        while (at < data.length && data[at] != 0) {
            int space = indexOf(data, ' ', at, Math.min(data.length, at + 20));
            int length = space < 0 ? -1 : decimal(data, at, space);
            if (length <= space - at + 1 || at + length > data.length || data[at + length - 1] != '\n') {
                throw new TarFormatException("malformed PAX header: bad record length");
            }
            int equals = indexOf(data, '=', space + 1, at + length);
            if (equals < 0) {
                throw new TarFormatException("malformed PAX header: record without '='");
            }
            String key = Utf8.decode(data, space + 1, equals - space - 1, "PAX key");
            records.values.put(key, Arrays.copyOfRange(data, equals + 1, at + length - 1));
            at += length;
        }
        return records;
    }

    /** The value as text, or {@code null} if it is absent or empty (which deletes it). */
    @Nullable
    String text(String key) throws TarFormatException {
        byte[] value = values.get(key);
        if (value == null || value.length == 0) {
            return null;
        }
        for (byte b : value) {
            if (b == 0) {
                throw new TarFormatException("PAX " + key + " holds a NUL byte");
            }
        }
        return Utf8.decode(value, 0, value.length, "PAX " + key);
    }

    long number(String key, long otherwise) throws TarFormatException {
        String text = text(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new TarFormatException("PAX " + key + " is not a number: " + Utf8.printable(text));
    }

    Map<String, byte[]> xattrs() {
        Map<String, byte[]> found = new HashMap<>();
        values.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                found.put(key.substring(XATTR.length()), value);
            }
        });
        return found;
    }

    private static int indexOf(byte[] data, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (data[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int decimal(byte[] data, int from, int to) {
        if (from == to || to - from > 9) {
            return -1;
        }
        String digits = new String(data, from, to - from, StandardCharsets.US_ASCII);
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
    }
}
