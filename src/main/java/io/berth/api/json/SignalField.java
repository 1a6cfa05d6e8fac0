package io.berth.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.common.BerthException;
import io.berth.common.Signals;
import org.jspecify.annotations.Nullable;

/** The field {@code signal} of a body: a name or a number. */
public final class SignalField {

    private SignalField() {}

    /** @throws BerthException {@code VALIDATION_FAILED} at {@code /signal} */
    public static int parse(@Nullable JsonNode value) {
        if (value == null || !(value.isTextual() || value.isInt())) {
            throw BerthException.invalidField("/signal", "must be a name such as SIGTERM, or a number from 1 to 64");
        }
        try {
            return Signals.parse(value.asText());
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField("/signal", String.valueOf(e.getMessage()));
        }
    }
}
