package io.berth.tenants;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a member may do in a tenant; each role may do all that the ones before it may. */
public enum Role {
    /** Look at containers and their logs, images, usage and events; at no terminals, files, members, tokens, secrets, webhooks or audit. */
    @JsonProperty("viewer")
    VIEWER,
    /** Use the tenant: containers, shells, images. */
    @JsonProperty("member")
    MEMBER,
    /** Decide who else may. */
    @JsonProperty("owner")
    OWNER;

    public boolean isAtLeast(Role other) {
        return compareTo(other) >= 0;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
