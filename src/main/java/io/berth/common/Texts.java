package io.berth.common;

import java.util.ArrayList;
import java.util.List;

/** Tells which of a client's strings can be handed on. JSON can write half a character, which no file or program can hold. */
public final class Texts {

    private Texts() {}

    /** For messages: the text, or its beginning if it is long. */
    public static String shorten(String text) {
        return text.length() > 100 ? beginning(text, 100) : text;
    }

    /** The first of the texts, so many characters of them all together; an ellipsis stands for what is left out. */
    public static List<String> shorten(List<String> texts, int most) {
        List<String> some = new ArrayList<>();
        int left = most;
        for (String text : texts) {
            if (text.length() > left) {
                some.add(beginning(text, left));
                break;
            }
            some.add(text);
            left -= text.length();
        }
        return List.copyOf(some);
    }

    private static String beginning(String text, int length) {
        boolean between = length > 0 && Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, between ? length - 1 : length) + "…";
    }

    /** Whether it can be an argument or a variable of a process: without NUL, and encodable as UTF-8. */
    public static boolean isPassable(String text) {
        return text.indexOf('\0') < 0 && isUnicode(text);
    }

    /** Whether it has no surrogate without its other half. */
    public static boolean isUnicode(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The text with every surrogate that stands alone replaced by U+FFFD, so that it can be shown. */
    public static String printable(String text) {
        if (isUnicode(text)) {
            return text;
        }
        return text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
