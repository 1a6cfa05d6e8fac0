package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class HostSubnetsTest {

    private final ObjectMapper json = new ObjectMapper();
    private final HostSubnets subnets =
            new HostSubnets(new HostCommands(NetworkSettings.Host.OWN), new Names("0a1b2c"));

    @Test
    void countsAddressesButNotThoseOfOwnBridges() throws IOException {
        assertThat(subnets.ofAddresses(json.readTree("""
                        [{"ifname":"lo","addr_info":[{"local":"127.0.0.1","prefixlen":8}]},{},
                         {"ifname":"b0a1b2c0a400001","addr_info":[{"local":"10.64.0.1","prefixlen":22}]},
                         {"ifname":"bffffff0a400401","addr_info":[{"local":"10.64.4.1","prefixlen":22}]}]""")))
                .extracting(Ipv4Subnet::toString)
                .containsExactly("127.0.0.0/8", "10.64.4.0/22");
    }

    @Test
    void countsRoutesButNotDefaultOnes() throws IOException {
        assertThat(subnets.ofRoutes(json.readTree("""
                        [{"dst":"default","dev":"eth0"},{"dst":"0.0.0.0/1","dev":"tun0"},
                         {"type":"blackhole","dst":"10.9.0.0/16"},{"dst":"10.8.0.7","dev":"tun0"},
                         {"dst":"10.64.0.0/22","dev":"b0a1b2c0a400001"}]""")))
                .extracting(Ipv4Subnet::toString)
                .containsExactly("10.9.0.0/16", "10.8.0.7/32");
    }
}
