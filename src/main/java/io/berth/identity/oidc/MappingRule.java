package io.berth.identity.oidc;

import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What something in a token is worth, written {@code source:pattern=>target}.
 *
 * <p>Sources are {@code group} (its path), {@code role} (of the realm), {@code client-role} (of Berth's own client) and {@code org}. In the
 * pattern, {@code {tenant}} stands for a tenant's name and {@code {role}} for {@code owner}, {@code member} or {@code viewer}; all else is
 * meant literally. The target is {@code admin}, a role, or {@code tenant:role}; left out, it is {@code {tenant}:{role}}.
 */
final class MappingRule {

    private static final Pattern FORM = Pattern.compile("\\s*([a-z-]+):(.+?)(?:\\s*=>\\s*(\\S+))?\\s*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(tenant|role)}");
    private static final String ROLES =
            Arrays.stream(Role.values()).map(Role::wireName).collect(Collectors.joining("|"));

    private final Source source;
    private final Pattern pattern;
    private final boolean admin;
    private final @Nullable String tenant;
    private final @Nullable Role role;

    /** Where something stands in a token. */
    enum Source {
        GROUP,
        ROLE,
        CLIENT_ROLE,
        ORG;

        String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What a rule gives: to administer the platform ({@code tenant} is {@code null}), or a role in a tenant. */
    record Grant(@Nullable TenantId tenant, Role role) {}

    private MappingRule(Source source, Pattern pattern, boolean admin, @Nullable String tenant, @Nullable Role role) {
        this.source = source;
        this.pattern = pattern;
        this.admin = admin;
        this.tenant = tenant;
        this.role = role;
    }

    /** @throws IllegalArgumentException saying what is wrong with it */
    static MappingRule parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw bad(text, "write 'source:pattern' or 'source:pattern=>target'");
        }
        Source source = Arrays.stream(Source.values())
                .filter(one -> one.wireName().equals(form.group(1)))
                .findFirst()
                .orElseThrow(() -> bad(text, "its source is none of group, role, client-role, org"));
        String pattern = form.group(2);
        String target = form.group(3) == null ? "{tenant}:{role}" : form.group(3);
        if (target.equals("admin")) {
            return new MappingRule(source, compile(pattern, text), true, null, Role.OWNER);
        }
        int colon = target.indexOf(':');
        String tenant = colon < 0 ? "{tenant}" : target.substring(0, colon);
        String role = target.substring(colon + 1);
        boolean tenantFromPattern = tenant.equals("{tenant}");
        boolean roleFromPattern = role.equals("{role}");
        if (tenantFromPattern != pattern.contains("{tenant}") || roleFromPattern != pattern.contains("{role}")) {
            throw bad(text, "the placeholders of its pattern and of its target are not the same");
        }
        if (!tenantFromPattern && !TenantId.isValid(tenant)) {
            throw bad(text, "'" + tenant + "' is no tenant's name");
        }
        return new MappingRule(
                source,
                compile(pattern, text),
                false,
                tenantFromPattern ? null : tenant,
                roleFromPattern ? null : role(role).orElseThrow(() -> bad(text, "'" + role + "' is no role")));
    }

    private static Pattern compile(String pattern, String rule) {
        StringBuilder regex = new StringBuilder();
        Matcher placeholder = PLACEHOLDER.matcher(pattern);
        int at = 0;
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (regex.indexOf("(?<" + name + ">") >= 0) {
                throw bad(rule, "{" + name + "} is there twice");
            }
            regex.append(Pattern.quote(pattern.substring(at, placeholder.start())));
            regex.append("(?<")
                    .append(name)
                    .append('>')
                    .append(name.equals("role") ? ROLES : "[a-z0-9-]{1,63}")
                    .append(')');
            at = placeholder.end();
        }
        return Pattern.compile(
                regex.append(Pattern.quote(pattern.substring(at))).toString());
    }

    private static Optional<Role> role(String name) {
        return Arrays.stream(Role.values())
                .filter(role -> role.wireName().equals(name))
                .findFirst();
    }

    private static IllegalArgumentException bad(String rule, String why) {
        return new IllegalArgumentException("the rule '" + rule + "' in berth.oidc.rules makes no sense: " + why);
    }

    Source source() {
        return source;
    }

    /** What it gives to those of whom the tokens have these values. */
    List<Grant> apply(List<String> values) {
        return values.stream().map(this::apply).flatMap(Optional::stream).toList();
    }

    private Optional<Grant> apply(String value) {
        Matcher matcher = pattern.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        if (admin) {
            return Optional.of(new Grant(null, Role.OWNER));
        }
        String name = tenant == null ? matcher.group("tenant") : tenant;
        Role given = role == null ? role(matcher.group("role")).orElseThrow() : role;
        return TenantId.isValid(name) ? Optional.of(new Grant(new TenantId(name), given)) : Optional.empty();
    }
}
