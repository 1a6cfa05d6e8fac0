package io.berth.audit;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The end of the chain: who keeps it elsewhere can tell later whether everything up to it is still as it was.
 *
 * @param seq of the last entry, 0 if there is none
 */
public record ChainHead(long seq, byte[] hash) {

    public static final ChainHead GENESIS = new ChainHead(0, new byte[32]);

    public ChainHead {
        hash = hash.clone();
    }

    @Override
    public byte[] hash() {
        return hash.clone();
    }

    public String hex() {
        return HexFormat.of().formatHex(hash);
    }

    /**
     * Reads what {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static ChainHead parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1 || text.length() != colon + 65) {
            throw new IllegalArgumentException(
                    "not a head of the audit's chain: '" + text + "' (number:64 hex digits)");
        }
        return new ChainHead(
                Long.parseLong(text.substring(0, colon)), HexFormat.of().parseHex(text.substring(colon + 1)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChainHead head && head.seq == seq && Arrays.equals(head.hash, hash);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(seq) * 31 + Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return seq + ":" + hex();
    }
}
