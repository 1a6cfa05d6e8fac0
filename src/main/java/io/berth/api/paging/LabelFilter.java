package io.berth.api.paging;

import io.berth.common.BerthException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The query parameter {@code label=key=value}, repeatable; all must match. */
public final class LabelFilter {

    private static final int MAX_LABELS = 20;

    private LabelFilter() {}

    /** @throws BerthException if one has no {@code =}, or a key stands twice */
    public static Map<String, String> parse(List<String> parameters) {
        if (parameters.size() > MAX_LABELS) {
            throw BerthException.invalidField("?label", "at most " + MAX_LABELS + " labels can be asked for at once");
        }
        Map<String, String> labels = new LinkedHashMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            if (equals < 1 || parameter.indexOf('\0') >= 0) {
                throw BerthException.invalidField("?label", "must be key=value");
            }
            if (labels.put(parameter.substring(0, equals), parameter.substring(equals + 1)) != null) {
                throw BerthException.invalidField(
                        "?label", "the key '" + parameter.substring(0, equals) + "' stands twice");
            }
        }
        return labels;
    }
}
