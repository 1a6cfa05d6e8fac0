package io.berth.images.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.AddressPolicy;
import io.berth.common.BerthException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AddressPolicyTest {

    @Test
    void knowsWhatIsNotPublic() throws UnknownHostException {
        for (String address : List.of(
                "127.0.0.1",
                "127.9.9.9",
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "100.127.255.255",
                "192.0.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "fe80::1",
                "fec0::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2002:a00:1::1",
                "2001:0:a00:1::1",
                "100::1")) {
            assertThat(AddressPolicy.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isFalse();
        }
        for (String address : List.of(
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "198.20.0.1",
                "223.1.1.1",
                "2606:4700::1111",
                "2001:4860:4860::8888")) {
            assertThat(AddressPolicy.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isTrue();
        }
    }

    @Test
    void givesOnlyTheAddressesThatWereChecked() throws UnknownHostException {
        RegistryAddresses policy = policy(List.of(), List.of(), "10.0.0.1", "8.8.8.8");

        assertThat(policy.addresses(URI.create("https://registry.test/v2/")))
                .containsExactly(InetAddress.getByName("8.8.8.8"));
    }

    @Test
    void refusesPrivateAddressesUnlessConfigured() {
        URI uri = URI.create("https://registry.test:5000/v2/");

        assertThatThrownBy(() -> policy(List.of("registry.test:5001", "10.0.1.0/24"), List.of(), "10.0.0.1")
                        .addresses(uri))
                .isInstanceOf(BerthException.class)
                .hasMessageContaining("registry.test")
                .hasMessageContaining("allowed-private-registries");
        for (String entry : List.of("Registry.test", "registry.test:5000", "10.0.0.0/24")) {
            assertThat(policy(List.of(entry), List.of(), "10.0.0.1").addresses(uri))
                    .as(entry)
                    .hasSize(1);
        }
    }

    @Test
    void speaksInTheClearOnlyToWhomItIsConfigured() {
        URI uri = URI.create("http://registry.test/v2/");

        assertThatThrownBy(() -> policy(List.of(), List.of(), "8.8.8.8").addresses(uri))
                .hasMessageContaining("insecure-registries");
        assertThat(policy(List.of(), List.of("registry.test"), "8.8.8.8").addresses(uri))
                .hasSize(1);
    }

    @Test
    void refusesConfigurationThatIsNoNetwork() {
        for (String entry : List.of("10.0.0.0/33", "10.0.0.0/x", "registry.test/8", "/8", "fd00::/129")) {
            assertThatThrownBy(() -> policy(List.of(entry), List.of(), "8.8.8.8"))
                    .as(entry)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(entry);
        }
    }

    private static RegistryAddresses policy(List<String> allowed, List<String> insecure, String... addresses) {
        return new RegistryAddresses(allowed, insecure, host -> {
            InetAddress[] resolved = new InetAddress[addresses.length];
            for (int i = 0; i < addresses.length; i++) {
                resolved[i] = InetAddress.getByName(addresses[i]);
            }
            return resolved;
        });
    }
}
