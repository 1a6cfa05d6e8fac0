package io.berth.tenancy.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import io.berth.tenants.SuspendMode;
import io.berth.tenants.Tenant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A merge patch (RFC 7396) of a tenant. */
record TenantPatch(JsonNode fields) {

    private static final Set<String> EDITABLE = Set.of("displayName", "suspended", "suspendMode");

    static TenantPatch of(@Nullable JsonNode body) {
        if (body == null || !body.isObject()) {
            throw BerthException.invalidField("", "a body is required: an object of what is to change");
        }
        body.fieldNames().forEachRemaining(name -> {
            if (!EDITABLE.contains(name)) {
                throw unknown(name);
            }
        });
        return new TenantPatch(body);
    }

    private static BerthException unknown(String name) {
        String pointer = "/" + name.replace("~", "~0").replace("/", "~1");
        String message = "cannot be changed; 'displayName', 'suspended' and 'suspendMode' can";
        return new BerthException(
                ErrorCode.UNKNOWN_FIELD,
                pointer + ": " + message,
                List.of(new FieldError(pointer, message)),
                Map.of(),
                null);
    }

    /** Whether it takes an administrator of the platform. */
    boolean concernsSuspension() {
        return fields.has("suspended") || fields.has("suspendMode");
    }

    Tenant apply(Tenant tenant) {
        Tenant named = fields.has("displayName") ? tenant.named(displayName(tenant)) : tenant;
        return concernsSuspension() ? named.suspended(mode(tenant)) : named;
    }

    private String displayName(Tenant tenant) {
        JsonNode value = fields.get("displayName");
        if (value.isNull()) {
            return tenant.id().value();
        }
        if (!value.isTextual()) {
            throw BerthException.invalidField("/displayName", "must be a string");
        }
        return NewTenant.checkDisplayName(value.textValue());
    }

    private @Nullable SuspendMode mode(Tenant tenant) {
        SuspendMode given = givenMode();
        if (!suspended(tenant)) {
            if (given != null) {
                throw BerthException.invalidField("/suspendMode", "has a meaning only with \"suspended\": true");
            }
            return null;
        }
        SuspendMode present = tenant.suspendMode();
        return given != null ? given : present != null ? present : SuspendMode.PAUSE;
    }

    private boolean suspended(Tenant tenant) {
        JsonNode value = fields.get("suspended");
        if (value == null) {
            return tenant.suspended();
        }
        if (!value.isBoolean() && !value.isNull()) {
            throw BerthException.invalidField("/suspended", "must be true or false");
        }
        return value.booleanValue();
    }

    private @Nullable SuspendMode givenMode() {
        JsonNode value = fields.get("suspendMode");
        if (value == null || value.isNull()) {
            return null;
        }
        return Arrays.stream(SuspendMode.values())
                .filter(mode -> mode.wireName().equals(value.textValue()))
                .findFirst()
                .orElseThrow(() -> BerthException.invalidField("/suspendMode", "must be 'pause' or 'stop'"));
    }
}
