package io.berth.tenancy.rest;

import io.berth.common.BerthException;
import io.berth.tenants.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Body of a request for a new tenant.
 *
 * @param displayName the name if absent
 */
public record NewTenant(@Nullable String name, @Nullable String displayName) {

    private static final int MAX_DISPLAY_NAME = 128;

    TenantId id() {
        if (name == null || !TenantId.isValid(name)) {
            throw BerthException.invalidField(
                    "/name",
                    "must be a DNS label: 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or"
                            + " digit");
        }
        return new TenantId(name);
    }

    String shownName() {
        return displayName == null ? id().value() : checkDisplayName(displayName);
    }

    static String checkDisplayName(String text) {
        if (text.isBlank()
                || text.codePointCount(0, text.length()) > MAX_DISPLAY_NAME
                || text.codePoints().anyMatch(Character::isISOControl)) {
            throw BerthException.invalidField(
                    "/displayName", "must have 1 to " + MAX_DISPLAY_NAME + " characters, without control characters");
        }
        return text;
    }
}
