package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4SubnetTest {

    @Test
    void readsAndWritesTheUsualForm() {
        assertThat(Ipv4Subnet.parse("10.64.7.9/22")).hasToString("10.64.4.0/22");
        assertThat(Ipv4Subnet.parse("192.0.2.1")).hasToString("192.0.2.1/32");
        assertThat(Ipv4Subnet.parse("10.64.4.0/22").fileName()).isEqualTo("10.64.4.0-22");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0", "10.0.0.256", "10.0.0.0/33", "10.0.0.0/", "a.b.c.d", "::1", "10.0.0.0/8 "})
    void refusesWhatIsNoSubnet(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Ipv4Subnet.parse(text));
    }

    @Test
    void knowsWhatOverlaps() {
        Ipv4Subnet subnet = Ipv4Subnet.parse("10.64.4.0/22");
        assertThat(subnet.overlaps(Ipv4Subnet.parse("10.0.0.0/8"))).isTrue();
        assertThat(subnet.overlaps(Ipv4Subnet.parse("10.64.7.255"))).isTrue();
        assertThat(subnet.overlaps(Ipv4Subnet.parse("10.64.8.0/22"))).isFalse();
        assertThat(subnet.overlaps(Ipv4Subnet.parse("0.0.0.0/0"))).isTrue();
        assertThat(subnet.overlaps(Ipv4Subnet.parse("192.168.0.0/16"))).isFalse();
    }

    @Test
    void countsItsPartsAndAddresses() {
        Ipv4Subnet pool = Ipv4Subnet.parse("10.64.0.0/10");
        assertThat(pool.parts(22)).isEqualTo(4096);
        assertThat(pool.part(4095, 22)).hasToString("10.127.252.0/22");
        Ipv4Subnet subnet = Ipv4Subnet.parse("10.64.0.0/22");
        assertThat(subnet.containers()).isEqualTo(1021);
        assertThat(Ipv4Subnet.format(subnet.gateway())).isEqualTo("10.64.0.1");
        assertThat(Ipv4Subnet.format(subnet.firstContainer())).isEqualTo("10.64.0.2");
    }
}
