package io.berth.audit;

import java.util.List;

/** Where the entries end up, in one order. Methods block. */
public interface AuditChain {

    /**
     * Appends entries durably, all or none.
     *
     * @param perhapsThere whether some may have been appended already, which are then left out
     * @return the end of the chain
     * @throws RuntimeException if it cannot be known that they are on disk
     */
    ChainHead append(List<AuditEntry> entries, boolean perhapsThere);
}
