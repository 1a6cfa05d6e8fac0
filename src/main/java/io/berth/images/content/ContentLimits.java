package io.berth.images.content;

/**
 * Bounds of what an image may hold. See docs/adr/0021-hostile-layers.md for how they were chosen.
 *
 * @param layerBytes of one layer's uncompressed tar
 * @param imageBytes of all layers of an image together, uncompressed
 * @param archiveBytes of an uploaded archive, as sent and uncompressed
 * @param entries files, directories, links of one layer
 * @param ratio uncompressed bytes for each compressed byte, beyond {@link #RATIO_FREE} bytes
 * @param headerBytes of one PAX or GNU extension header
 * @param pathDepth components of one name
 */
public record ContentLimits(
        long layerBytes, long imageBytes, long archiveBytes, int entries, int ratio, int headerBytes, int pathDepth) {

    /** Uncompressed bytes that need not fit the ratio: small files of zeros compress a thousandfold. */
    public static final long RATIO_FREE = 64L << 20;

    /** Bytes of a name, and of the target of a link: PATH_MAX less the NUL. */
    public static final int PATH_BYTES = 4095;

    /** Bytes of one component: NAME_MAX. */
    public static final int NAME_BYTES = 255;

    /** Bytes of one extended attribute's value: XATTR_SIZE_MAX. */
    public static final int XATTR_BYTES = 65536;

    /** Characters of all directories' names of a layer, which are kept until its end. */
    public static final long DIRECTORY_NAMES = 32L << 20;

    public static final ContentLimits DEFAULT =
            new ContentLimits(10L << 30, 20L << 30, 20L << 30, 1_000_000, 200, 1 << 20, 256);
}
