package io.berth.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.Locale;

/** What one source says about a user in a tenant. */
public record Membership(TenantId tenant, String user, Source source, Role role, Instant createdAt) {

    /** Who decided it. */
    public enum Source {
        /** An owner of the tenant, or an administrator. */
        @JsonProperty("manual")
        MANUAL,
        /** The identity provider. */
        @JsonProperty("oidc")
        OIDC;

        public static Source of(String stored) {
            return valueOf(stored.toUpperCase(Locale.ROOT));
        }

        public String stored() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
