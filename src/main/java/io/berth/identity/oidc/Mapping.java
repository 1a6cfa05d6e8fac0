package io.berth.identity.oidc;

import io.berth.identity.oidc.MappingRule.Grant;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All rules together: of what several give, the greatest counts. */
final class Mapping {

    private final List<MappingRule> rules;
    private final String groupsClaim;
    private final String client;

    /** @param admin whether they administer the platform */
    record Rights(boolean admin, Map<TenantId, Role> roles) {}

    /** @throws IllegalArgumentException naming the rule that makes no sense */
    Mapping(OidcConfig config) {
        this.rules = config.rules().stream().map(MappingRule::parse).toList();
        this.groupsClaim = config.groupsClaim();
        this.client = config.clientId();
    }

    Rights apply(Claims claims) {
        boolean admin = false;
        Map<TenantId, Role> roles = new HashMap<>();
        for (MappingRule rule : rules) {
            for (Grant grant : rule.apply(values(rule.source(), claims))) {
                if (grant.tenant() == null) {
                    admin = true;
                } else {
                    roles.merge(grant.tenant(), grant.role(), (one, other) -> one.isAtLeast(other) ? one : other);
                }
            }
        }
        return new Rights(admin, roles);
    }

    private List<String> values(MappingRule.Source source, Claims claims) {
        return switch (source) {
            case GROUP -> claims.groups(groupsClaim);
            case ROLE -> claims.realmRoles();
            case CLIENT_ROLE -> claims.clientRoles(client);
            case ORG -> claims.organisations();
        };
    }
}
