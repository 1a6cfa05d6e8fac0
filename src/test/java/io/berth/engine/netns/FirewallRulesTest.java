package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FirewallRulesTest {

    private final FirewallRules rules = new FirewallRules(new Names("0a1b2c"));
    private final Ipv4Subnet subnet = Ipv4Subnet.parse("10.64.4.0/29");

    @Test
    void rendersTablesAndRules() throws IOException {
        assertThat(rules.base(false)).isEqualTo(golden("base.nft"));
    }

    @Test
    void rendersAGroup() throws IOException {
        assertThat(rules.addGroup(subnet)).isEqualTo(golden("group.nft"));
    }

    @Test
    void deniesPrivateAddressesIfAsked() {
        assertThat(rules.base(true))
                .contains("169.254.0.0/16", "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16");
    }

    @Test
    void removesAGroupWhetherItIsThereOrNot() {
        assertThat(rules.removeGroup(subnet))
                .startsWith(rules.addGroup(subnet))
                .endsWith(rules.addGroup(subnet).replace("add element", "delete element"));
    }

    @Test
    void neverFlushesWhatKeepsContainersConnected() {
        assertThat(rules.base(false).lines().filter(line -> line.startsWith("flush set")))
                .containsExactly("flush set inet berth_0a1b2c denied");
        assertThat(rules.base(false))
                .doesNotContain("delete", "flush table", "flush chain inet berth_0a1b2c published");
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = FirewallRulesTest.class.getResourceAsStream("/netns/" + name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
