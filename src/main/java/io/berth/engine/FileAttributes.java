package io.berth.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a new file is given; {@code null} is what it has by itself.
 *
 * @param mode permissions
 * @param uid as the container sees it, 0 to 65535; gid likewise
 */
public record FileAttributes(
        @Nullable Integer mode,
        @Nullable Integer uid,
        @Nullable Integer gid) {

    public static final FileAttributes NONE = new FileAttributes(null, null, null);
}
