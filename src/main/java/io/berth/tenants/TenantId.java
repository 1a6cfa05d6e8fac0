package io.berth.tenants;

import java.util.regex.Pattern;

/**
 * A tenant's name, as in the path of every request.
 *
 * @param value a DNS label (RFC 1123): at most 63 of {@code [a-z0-9-]}, beginning and ending with a letter or digit
 */
public record TenantId(String value) {

    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public static final TenantId DEFAULT = new TenantId("default");

    public TenantId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a tenant name: " + value);
        }
    }

    public static boolean isValid(String value) {
        return DNS_LABEL.matcher(value).matches();
    }

    @Override
    public String toString() {
        return value;
    }
}
