package io.berth.audit;

import io.berth.common.Texts;
import org.jspecify.annotations.Nullable;

/** Bounds what clients may write into the audit. */
final class AuditText {

    private AuditText() {}

    static @Nullable String bounded(@Nullable String text, int most) {
        return text == null ? null : clean(text, most);
    }

    /** Without control characters, which could forge lines, and cut with an ellipsis. */
    static String clean(String text, int most) {
        String cut = text.length() <= most ? text : text.substring(0, most - 1) + "…";
        String whole = Texts.printable(cut);
        for (int i = 0; i < whole.length(); i++) {
            if (Character.isISOControl(whole.charAt(i))) {
                return whole.replaceAll("\\p{Cntrl}", "?");
            }
        }
        return whole;
    }
}
