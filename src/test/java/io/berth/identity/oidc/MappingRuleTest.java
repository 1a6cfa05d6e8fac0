package io.berth.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.identity.oidc.MappingRule.Grant;
import io.berth.tenants.Role;
import io.berth.tenants.TenantId;
import io.berth.testing.TestConfigs;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingRuleTest {

    private static final TenantId ACME = new TenantId("acme");

    private static List<Grant> apply(String rule, String... values) {
        return MappingRule.parse(rule).apply(List.of(values));
    }

    @Test
    void takesTenantAndRoleFromAGroup() {
        assertThat(apply("group:/berth/{tenant}/{role}", "/berth/acme/owner", "/berth/acme/king", "/other/acme/owner"))
                .containsExactly(new Grant(ACME, Role.OWNER));
    }

    @Test
    void givesWhatTheTargetSays() {
        assertThat(apply("org:{tenant} => member", "acme", "Not A Label"))
                .containsExactly(new Grant(ACME, Role.MEMBER));
        assertThat(apply("role:staff=>acme:viewer", "staff")).containsExactly(new Grant(ACME, Role.VIEWER));
        assertThat(apply("client-role:{role} => acme:{role}", "member")).containsExactly(new Grant(ACME, Role.MEMBER));
        assertThat(apply("role:berth-admin => admin", "berth-admin", "berth-admins"))
                .containsExactly(new Grant(null, Role.OWNER));
    }

    @Test
    void takesEverythingElseLiterally() {
        assertThat(apply("group:/a.c/{tenant}=>viewer", "/abc/acme")).isEmpty();
        assertThat(apply("group:/berth/{tenant}/{role}", "/berth/acme/owner/x", "x/berth/acme/owner", "/berth/-/owner"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "planet:{tenant}=>viewer",
                "org:{tenant}",
                "org:acme=>viewer",
                "group:/x=>acme:king",
                "group:/x=>Acme:viewer",
                "group:/{tenant}/{tenant}=>viewer",
                "role:x=>{tenant}:viewer"
            })
    void refusesRulesThatMakeNoSense(String rule) {
        assertThatThrownBy(() -> MappingRule.parse(rule))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("berth.oidc.rules");
    }

    @Test
    void theGreatestOfSeveralRolesCounts() {
        Mapping mapping = new Mapping(TestConfigs.of(
                OidcConfig.class,
                Map.of(
                        "berth.oidc.rules",
                        "group:/berth/{tenant}/{role},org:{tenant}=>viewer,client-role:root=>admin")));
        Mapping.Rights rights = mapping.apply(
                Claims.parse("{'groups':['/berth/acme/member'],'organization':{'acme':{},'b':{}},".replace('\'', '"')
                        + "'resource_access':{'berth':{'roles':['root']}}}".replace('\'', '"')));
        assertThat(rights.admin()).isTrue();
        assertThat(rights.roles())
                .containsOnly(Map.entry(ACME, Role.MEMBER), Map.entry(new TenantId("b"), Role.VIEWER));
    }
}
