package io.berth.engine.netns;

import io.berth.engine.EngineException;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Names of an instance's devices and tables. A device name says all there is to know of the device: a letter for its
 * kind ({@code b}ridge, {@code v}eth), the instance's six digits, its address in hexadecimal: 15 characters, the most
 * that Linux allows. No state is needed to find what belongs to an instance, or to a group's subnet.
 */
final class Names {

    private static final Pattern INSTANCE = Pattern.compile("[0-9a-f]{6}");
    private static final Pattern OWNER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private final String instance;

    Names(String instance) {
        if (!INSTANCE.matcher(instance).matches()) {
            throw new IllegalArgumentException("an instance is 6 hexadecimal digits, not " + instance);
        }
        this.instance = instance;
    }

    String instance() {
        return instance;
    }

    String table() {
        return "berth_" + instance;
    }

    String bridge(Ipv4Subnet subnet) {
        return String.format("b%s%08x", instance, subnet.gateway());
    }

    String veth(int address) {
        return String.format("v%s%08x", instance, address);
    }

    /** What every container's device on the host begins with. */
    String vethPrefix() {
        return "v" + instance;
    }

    /** Address of the container behind a device, or empty if the device is not one of this instance's. */
    OptionalInt addressOfVeth(String device) {
        return address('v', device);
    }

    /** Address of a bridge, or empty if the device is not a bridge of this instance. */
    OptionalInt addressOfBridge(String device) {
        return address('b', device);
    }

    /** Locally administered, made from the address: a reused address never meets a stale neighbour entry. */
    static String mac(int address) {
        return String.format(
                "02:62:%02x:%02x:%02x:%02x", address >>> 24, address >>> 16 & 255, address >>> 8 & 255, address & 255);
    }

    /** A device group for this instance, by which many devices are deleted at once. */
    int deviceGroup() {
        return 0x62000000 | Integer.parseInt(instance, 16);
    }

    /**
     * Owners become file names.
     *
     * @throws EngineException {@code INVALID} unless it is 1 to 128 letters, digits, {@code _.-}, not beginning with
     *     punctuation
     */
    static String checkOwner(String owner) {
        if (!OWNER.matcher(owner).matches()) {
            String shown = owner.length() > 40 ? owner.substring(0, 40) + "…" : owner;
            throw new EngineException(
                    EngineException.Reason.INVALID,
                    "owner of a network sandbox must be 1 to 128 letters, digits, '_', '.', '-': " + shown);
        }
        return owner;
    }

    private OptionalInt address(char kind, String device) {
        if (device.length() != 15 || device.charAt(0) != kind || !device.startsWith(instance, 1)) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(device.substring(7), 16));
        } catch (NumberFormatException notOurs) {
            return OptionalInt.empty();
        }
    }
}
