package io.berth.images.content;

import java.util.Set;

/**
 * Which device nodes an image may carry. The harmless ones, which distributions' archives hold, are left out: the runtime makes
 * its own /dev. Any other is a reason to refuse the image.
 */
final class DevicePolicy {

    private record Device(int major, int minor) {}

    // null, zero, full, random, urandom, tty, console, ptmx (the kernel's devices.txt)
    private static final Set<Device> HARMLESS = Set.of(
            new Device(1, 3),
            new Device(1, 5),
            new Device(1, 7),
            new Device(1, 8),
            new Device(1, 9),
            new Device(5, 0),
            new Device(5, 1),
            new Device(5, 2));

    private DevicePolicy() {}

    /** @throws TarFormatException naming the entry, unless it may be left out */
    static void checkHarmless(TarEntry entry, EntryName name) throws TarFormatException {
        boolean harmless = entry.type() == TarEntry.Type.CHARACTER_DEVICE
                && HARMLESS.contains(new Device(entry.deviceMajor(), entry.deviceMinor()));
        if (!harmless) {
            throw new TarFormatException(String.format(
                    "entry %s is a %s device (%d:%d), which an image may not have",
                    Utf8.printable(name.toString()),
                    entry.type() == TarEntry.Type.BLOCK_DEVICE ? "block" : "character",
                    entry.deviceMajor(),
                    entry.deviceMinor()));
        }
    }
}
