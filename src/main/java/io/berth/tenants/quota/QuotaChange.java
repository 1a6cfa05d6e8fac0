package io.berth.tenants.quota;

import java.util.List;

/**
 * A quota that was set.
 *
 * @param over what is above it already; that goes on, and nothing more of it is given out
 */
public record QuotaChange(Quota quota, List<Over> over) {

    public QuotaChange {
        over = List.copyOf(over);
    }

    /** More is used, or reserved, than the limit. */
    public record Over(QuotaResource resource, long limit, long used) {

        /** What that means, in words. */
        public String words() {
            String amounts = resource.wireName() + ": " + resource.words(used) + " is in use, "
                    + resource.words(used - limit) + " above the limit of " + resource.words(limit);
            return amounts
                    + (resource == QuotaResource.MEMORY
                            ? "; nothing is killed for it: the kernel's limit stays just above what is in use and follows"
                                    + " it down, and nothing new is started until then"
                            : "; what runs goes on, and nothing new is let in until it is below");
        }
    }
}
