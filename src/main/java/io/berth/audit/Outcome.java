package io.berth.audit;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What came of an action. */
public enum Outcome {
    @JsonProperty("success")
    SUCCESS,
    /** It was not allowed, not possible or malformed: nothing was changed. */
    @JsonProperty("refused")
    REFUSED,
    @JsonProperty("failed")
    FAILED,
    /** The server ended before it could tell. */
    @JsonProperty("unknown")
    UNKNOWN;

    /** What an HTTP status says. */
    public static Outcome ofStatus(int status) {
        return status < 400 ? SUCCESS : status < 500 ? REFUSED : FAILED;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
