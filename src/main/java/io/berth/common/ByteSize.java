package io.berth.common;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, never negative.
 *
 * @param bytes the size
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {

    private static final Pattern FORM =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGTP]i?B?|B)?", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Long> UNITS = Map.ofEntries(
            Map.entry("B", 1L),
            Map.entry("K", 1_000L),
            Map.entry("M", 1_000_000L),
            Map.entry("G", 1_000_000_000L),
            Map.entry("T", 1_000_000_000_000L),
            Map.entry("P", 1_000_000_000_000_000L),
            Map.entry("KI", 1L << 10),
            Map.entry("MI", 1L << 20),
            Map.entry("GI", 1L << 30),
            Map.entry("TI", 1L << 40),
            Map.entry("PI", 1L << 50));

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size must not be negative: " + bytes);
        }
    }

    public static ByteSize ofMebibytes(long mebibytes) {
        return new ByteSize(Math.multiplyExact(mebibytes, 1L << 20));
    }

    /**
     * Reads {@code 1048576}, {@code 512MiB}, {@code 1.5G}. Units with an {@code i} are powers of 1024, others of 1000.
     *
     * @throws IllegalArgumentException if the text is no size or does not fit 63 bits
     */
    public static ByteSize parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "not a size: '" + text + "' (write bytes, or a number with KiB, MiB, GiB)");
        }
        String unit = form.group(2) == null ? "B" : form.group(2).toUpperCase(Locale.ROOT);
        if (unit.length() > 1 && unit.endsWith("B")) {
            unit = unit.substring(0, unit.length() - 1);
        }
        try {
            BigDecimal bytes = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(UNITS.getOrDefault(unit, 1L)));
            return new ByteSize(bytes.toBigInteger().longValueExact());
        } catch (ArithmeticException tooLarge) {
            throw new IllegalArgumentException("size is too large: '" + text + "'", tooLarge);
        }
    }

    /** The largest binary unit that divides this size: {@code 512MiB}, {@code 1536KiB}, {@code 1000}. */
    @Override
    public String toString() {
        String[] units = {"PiB", "TiB", "GiB", "MiB", "KiB"};
        for (int i = 0; i < units.length; i++) {
            long unit = 1L << (50 - 10 * i);
            if (bytes >= unit && bytes % unit == 0) {
                return bytes / unit + units[i];
            }
        }
        return Long.toString(bytes);
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }
}
