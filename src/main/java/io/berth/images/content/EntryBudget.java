package io.berth.images.content;

/** How many inodes a layer may still make. */
final class EntryBudget {

    private final int limit;
    private int spent;

    EntryBudget(int limit) {
        this.limit = limit;
    }

    void spend() throws TarFormatException {
        if (++spent > limit) {
            throw new TarFormatException("more than " + limit + " entries");
        }
    }
}
