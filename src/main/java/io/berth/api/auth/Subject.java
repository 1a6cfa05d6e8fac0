package io.berth.api.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.berth.common.Ids;
import org.jspecify.annotations.Nullable;

/**
 * A user, a token, or the system itself.
 *
 * @param id stable: of the user ({@code usr_…}) or the token ({@code tok_…})
 * @param name for people to read; another subject may have it later
 */
public record Subject(Kind kind, String id, String name) {

    /** The system does what nobody asked for, such as ending what has lived its time. */
    public static final Subject SYSTEM = new Subject(Kind.SYSTEM, "system", "system");

    /** What sort of subject it is. */
    public enum Kind {
        @JsonProperty("user")
        USER,
        @JsonProperty("token")
        TOKEN,
        @JsonProperty("system")
        SYSTEM
    }

    /** The subject with this id, of which it is known by its form whether it is a user's or a token's. */
    public static Subject of(String id, String name) {
        if (Ids.isId("usr", id)) {
            return user(id, name);
        }
        return Ids.isId("tok", id) ? token(id, name) : SYSTEM;
    }

    public static Subject user(String id, String name) {
        return new Subject(Kind.USER, id, name);
    }

    public static Subject token(String id, String name) {
        return new Subject(Kind.TOKEN, id, name);
    }

    /** The user's id, {@code null} if it is no user. */
    @Nullable
    String userId() {
        return kind == Kind.USER ? id : null;
    }
}
