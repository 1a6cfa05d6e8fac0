package io.berth.common;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * Makes ids such as {@code ctr_01k9x2c4m8q0v7h3n5p6r1s2t4}: a prefix and 26 characters of lower-case Crockford base32, 48
 * bits of time in milliseconds and 80 random bits (a ULID). Ids made later sort later, to the millisecond.
 */
public final class Ids {

    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final Pattern ENCODED = Pattern.compile("[0-9a-hjkmnp-tv-z]{26}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static String next(String prefix) {
        return of(prefix, unique());
    }

    /** The 26 characters of an id, which are unique by themselves. */
    public static String unique() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return encode(System.currentTimeMillis(), random);
    }

    /** @param unique made by {@link #unique} */
    public static String of(String prefix, String unique) {
        return prefix + '_' + unique;
    }

    /** Whether a text has the form of an id with that prefix. */
    public static boolean isId(String prefix, String text) {
        return text.startsWith(prefix + '_')
                && ENCODED.matcher(text.substring(prefix.length() + 1)).matches();
    }

    static String encode(long millis, byte[] random) {
        char[] text = new char[26];
        for (int i = 9; i >= 0; i--) {
            text[i] = ALPHABET[(int) (millis & 31)];
            millis >>>= 5;
        }
        for (int i = 0; i < 16; i++) {
            text[10 + i] = ALPHABET[random[i] & 31];
        }
        return new String(text);
    }
}
