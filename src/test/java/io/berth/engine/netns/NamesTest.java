package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class NamesTest {

    private final Names names = new Names("0a1b2c");
    private final Ipv4Subnet subnet = Ipv4Subnet.parse("192.168.4.0/22");

    @Test
    void fitIntoWhatLinuxAllows() {
        assertThat(names.bridge(subnet)).isEqualTo("b0a1b2cc0a80401").hasSize(15);
        assertThat(names.veth(subnet.firstContainer())).isEqualTo("v0a1b2cc0a80402");
        assertThat(Names.mac(subnet.gateway())).isEqualTo("02:62:c0:a8:04:01");
    }

    @Test
    void tellTheAddressAgain() {
        assertThat(names.addressOfVeth("v0a1b2cc0a80402")).hasValue(subnet.firstContainer());
        assertThat(names.addressOfBridge("b0a1b2cc0a80401")).hasValue(subnet.gateway());
    }

    @Test
    void claimNoDeviceOfOthers() {
        for (String device : new String[] {
            "eth0", "v0a1b2d0a400002", "v0a1b2c0a40000", "v0a1b2c0a40000x", "b0a1b2c0a400002", "v0a1b2c-0000001", ""
        }) {
            assertThat(names.addressOfVeth(device)).as(device).isEmpty();
        }
    }

    @Test
    void refuseAnInstanceThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Names("x; drop"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Names(""));
    }
}
