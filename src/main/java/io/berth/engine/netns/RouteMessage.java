package io.berth.engine.netns;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * A request of rtnetlink(7): a header, a fixed part, and attributes, in the machine's byte order and at multiples of
 * four. Numbers are those of linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h.
 */
final class RouteMessage {

    static final int HEADER = 16;

    static final short NEW_LINK = 16;
    private static final short DELETE_LINK = 17;
    private static final short GET_LINK = 18;
    private static final short NEW_ADDRESS = 20;
    private static final short NEW_ROUTE = 24;

    private static final int REQUEST = 0x1;
    private static final int ACKNOWLEDGE = 0x4;
    private static final int ONLY_NEW = 0x600; // NLM_F_CREATE | NLM_F_EXCL

    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;
    private static final int UP = 1; // IFF_UP
    private static final int NESTED = 0x8000;
    private static final int MOST = 512;

    private final String what;
    private final ByteBuffer bytes = ByteBuffer.allocate(MOST).order(ByteOrder.nativeOrder());

    private RouteMessage(String what, short type, int flags) {
        this.what = what;
        bytes.putInt(0).putShort(type).putShort((short) (REQUEST | ACKNOWLEDGE | flags));
        bytes.putInt(0).putInt(0);
    }

    /**
     * A pair of virtual Ethernet devices: one of this name here, a port of a bridge, and {@code eth0} in the network
     * namespace of a process. See veth(4).
     */
    static RouteMessage newVeth(String name, int bridge, String eth0Address, int process) {
        RouteMessage message = new RouteMessage("make the veth pair " + name, NEW_LINK, ONLY_NEW);
        message.link(0, 0).attribute(3, text(name)).attribute(10, number(bridge)); // IFLA_IFNAME, IFLA_MASTER
        int info = message.begin(18); // IFLA_LINKINFO
        message.attribute(1, "veth".getBytes(StandardCharsets.US_ASCII)); // IFLA_INFO_KIND
        int data = message.begin(2); // IFLA_INFO_DATA
        int peer = message.begin(1); // VETH_INFO_PEER
        message.link(0, 0)
                .attribute(3, text("eth0"))
                .attribute(1, HexFormat.ofDelimiter(":").parseHex(eth0Address)) // IFLA_ADDRESS
                .attribute(19, number(process)); // IFLA_NET_NS_PID
        return message.end(peer).end(data).end(info);
    }

    static RouteMessage getLink(String name) {
        return new RouteMessage("find the device " + name, GET_LINK, 0)
                .link(0, 0)
                .attribute(3, text(name));
    }

    static RouteMessage linkUp(String name) {
        return new RouteMessage("turn " + name + " on", NEW_LINK, 0).link(0, UP).attribute(3, text(name));
    }

    /**
     * It gets no IPv6 address of its own, of which it is told while it is off: what changes in a device that is on, the
     * kernel tells everybody, and IPv6 then walks through all routes of the host.
     *
     * @param ipv6 whether there is {@linkplain Ipv6 any}
     */
    static List<RouteMessage> linkUpWithoutIpv6(String name, boolean ipv6) {
        return ipv6 ? List.of(withoutIpv6(name), linkUp(name)) : List.of(linkUp(name));
    }

    private static RouteMessage withoutIpv6(String name) {
        RouteMessage message = new RouteMessage("keep IPv6 off " + name, NEW_LINK, 0)
                .link(0, 0)
                .attribute(3, text(name));
        int families = message.begin(26); // IFLA_AF_SPEC
        int ofIpv6 = message.begin(AF_INET6);
        message.attribute(8, new byte[] {1}); // IFLA_INET6_ADDR_GEN_MODE: IN6_ADDR_GEN_MODE_NONE
        return message.end(ofIpv6).end(families);
    }

    /** Puts a device into a group, by which many are deleted at once. */
    static RouteMessage linkGroup(String name, int group) {
        return new RouteMessage("put " + name + " into a group", NEW_LINK, 0)
                .link(0, 0)
                .attribute(3, text(name))
                .attribute(27, number(group)); // IFLA_GROUP
    }

    static RouteMessage deleteLinks(int group) {
        return new RouteMessage("delete a group of devices", DELETE_LINK, 0)
                .link(0, 0)
                .attribute(27, number(group)); // IFLA_GROUP
    }

    /** With the subnet's last address for broadcasts. */
    static RouteMessage newAddress(int device, int address, Ipv4Subnet subnet) {
        RouteMessage message =
                new RouteMessage("give " + Ipv4Subnet.format(address) + " to a device", NEW_ADDRESS, ONLY_NEW);
        message.bytes
                .put(AF_INET)
                .put((byte) subnet.prefixLength())
                .putShort((short) 0) // flags, scope
                .putInt(device);
        return message.attribute(2, ipv4(address)) // IFA_LOCAL
                .attribute(1, ipv4(address)) // IFA_ADDRESS
                .attribute(4, ipv4(subnet.broadcast())); // IFA_BROADCAST
    }

    static RouteMessage newDefaultRoute(int device, int gateway) {
        RouteMessage message = new RouteMessage("route by way of " + Ipv4Subnet.format(gateway), NEW_ROUTE, ONLY_NEW);
        message.bytes
                .put(AF_INET)
                .put(new byte[3]) // no destination, no source, no type of service
                .put((byte) 254) // RT_TABLE_MAIN
                .put((byte) 3) // RTPROT_BOOT
                .put((byte) 0) // RT_SCOPE_UNIVERSE
                .put((byte) 1) // RTN_UNICAST
                .putInt(0);
        return message.attribute(5, ipv4(gateway)).attribute(4, number(device)); // RTA_GATEWAY, RTA_OIF
    }

    /** For messages of errors. */
    String what() {
        return what;
    }

    /** The message as it goes out, with a number that its answer will bear. */
    ByteBuffer bytes(int sequence) {
        return bytes.duplicate()
                .order(ByteOrder.nativeOrder())
                .putInt(0, bytes.position())
                .putInt(8, sequence)
                .flip();
    }

    /** A struct ifinfomsg. */
    private RouteMessage link(int index, int flags) {
        bytes.putInt(0).putInt(index).putInt(flags).putInt(flags); // of the flags those that are to change
        return this;
    }

    private RouteMessage attribute(int type, byte[] value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return align();
    }

    /** Begins an attribute of attributes; to be ended by {@link #end} with what it returns. */
    private int begin(int type) {
        int at = bytes.position();
        bytes.putShort((short) 0).putShort((short) (type | NESTED));
        return at;
    }

    private RouteMessage end(int at) {
        bytes.putShort(at, (short) (bytes.position() - at));
        return this;
    }

    private RouteMessage align() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }

    private static byte[] text(String value) {
        return (value + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    /** In network byte order. */
    private static byte[] ipv4(int address) {
        return ByteBuffer.allocate(4).putInt(address).array();
    }
}
