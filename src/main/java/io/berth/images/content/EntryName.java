package io.berth.images.content;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A name inside a layer, normalised: relative to its root, no empty or {@code .} components, no {@code ..}.
 *
 * @param parent the directory's path, empty for the root
 * @param name last component, empty if this is the root itself
 */
record EntryName(String parent, String name) {

    /**
     * @param what for messages: the entry it belongs to
     * @throws TarFormatException if it climbs, is too long or too deep
     */
    static EntryName parse(String text, String what, int maxDepth) throws TarFormatException {
        if (text.getBytes(StandardCharsets.UTF_8).length > ContentLimits.PATH_BYTES) {
            throw new TarFormatException(
                    what + ": the name is longer than " + ContentLimits.PATH_BYTES + " bytes: " + Utf8.printable(text));
        }
        List<String> components = new ArrayList<>();
        for (String component : text.split("/", -1)) {
            if (component.isEmpty() || component.equals(".")) {
                continue;
            }
            if (component.equals("..")) {
                throw new TarFormatException(what + ": the name climbs with '..': " + Utf8.printable(text));
            }
            if (component.getBytes(StandardCharsets.UTF_8).length > ContentLimits.NAME_BYTES) {
                throw new TarFormatException(what + ": a part of the name is longer than " + ContentLimits.NAME_BYTES
                        + " bytes: " + Utf8.printable(component));
            }
            components.add(component);
        }
        if (components.size() > maxDepth) {
            throw new TarFormatException(what + ": deeper than " + maxDepth + " directories");
        }
        if (components.isEmpty()) {
            return new EntryName("", "");
        }
        int last = components.size() - 1;
        return new EntryName(String.join("/", components.subList(0, last)), components.get(last));
    }

    boolean isRoot() {
        return name.isEmpty();
    }

    EntryName withName(String other) {
        return new EntryName(parent, other);
    }

    @Override
    public String toString() {
        return parent.isEmpty() ? name : parent + "/" + name;
    }
}
