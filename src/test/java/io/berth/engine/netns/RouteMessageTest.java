package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against what ip(8) sends for the same, as strace(1) shows it. */
class RouteMessageTest {

    private static final Ipv4Subnet SUBNET = Ipv4Subnet.parse("10.64.4.0/22");

    @BeforeEach
    void bytesAreWrittenHereAsOnALittleEndianMachine() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aDeviceIsTurnedOnByName() {
        assertThat(hex(RouteMessage.linkUp("lo")))
                .isEqualTo(bytes(
                        "28000000 1000 0500 07000000 00000000" // 40 bytes, RTM_NEWLINK, REQUEST|ACK, 7
                                + "00 00 0000 00000000 01000000 01000000"
                                + "0700 0300 6c6f00 00"));
    }

    @Test
    void ofIpv6ADeviceIsToldInsideOfItsFamiliesAndWhileItIsOff() {
        List<RouteMessage> messages = RouteMessage.linkUpWithoutIpv6("e", true);

        assertThat(messages).hasSize(2);
        assertThat(hex(messages.get(0)))
                .isEqualTo(bytes("38000000 1000 0500 07000000 00000000"
                        + "00 00 0000 00000000 00000000 00000000"
                        + "0600 0300 6500 0000"
                        + "1000 1a80"
                        + "0c00 0a80"
                        + "0500 0800 01 000000"));
        assertThat(hex(messages.get(1))).isEqualTo(hex(RouteMessage.linkUp("e")));
    }

    @Test
    void aKernelWithoutIpv6IsToldNothingOfIt() {
        assertThat(RouteMessage.linkUpWithoutIpv6("e", false).stream().map(RouteMessageTest::hex))
                .containsExactly(hex(RouteMessage.linkUp("e")));
    }

    @Test
    void aPairHasItsPeerInsideOfItsData() {
        assertThat(hex(RouteMessage.newVeth("v0", 9, "02:62:0a:40:04:02", 300)))
                .isEqualTo(bytes("74000000 1000 0506 07000000 00000000"
                        + "00 00 0000 00000000 00000000 00000000"
                        + "0700 0300 763000 00"
                        + "0800 0a00 09000000"
                        + "4400 1280"
                        + "0800 0100 76657468"
                        + "3800 0280"
                        + "3400 0180"
                        + "00 00 0000 00000000 00000000 00000000"
                        + "0900 0300 6574683000 000000"
                        + "0a00 0100 02620a400402 0000"
                        + "0800 1300 2c010000"));
    }

    @Test
    void anAddressComesWithItsBroadcast() {
        assertThat(hex(RouteMessage.newAddress(2, Ipv4Subnet.parse("10.64.4.2").base(), SUBNET)))
                .isEqualTo(bytes("30000000 1400 0506 07000000 00000000"
                        + "02 16 00 00 02000000"
                        + "0800 0200 0a400402"
                        + "0800 0100 0a400402"
                        + "0800 0400 0a4007ff"));
    }

    @Test
    void aRouteIsTheDefaultOne() {
        assertThat(hex(RouteMessage.newDefaultRoute(2, SUBNET.gateway())))
                .isEqualTo(bytes("2c000000 1800 0506 07000000 00000000"
                        + "02 00 00 00 fe 03 00 01 00000000"
                        + "0800 0500 0a400401"
                        + "0800 0400 02000000"));
    }

    @Test
    void aGroupIsDeletedAtOnce() {
        assertThat(hex(RouteMessage.deleteLinks(0x620a1b2c)))
                .isEqualTo(bytes("28000000 1100 0500 07000000 00000000"
                        + "00 00 0000 00000000 00000000 00000000"
                        + "0800 1b00 2c1b0a62"));
    }

    /** Without the blanks that show what belongs together. */
    private static String bytes(String shown) {
        return shown.replace(" ", "");
    }

    private static String hex(RouteMessage message) {
        ByteBuffer bytes = message.bytes(7);
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        return HexFormat.of().formatHex(all);
    }
}
