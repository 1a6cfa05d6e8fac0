package io.berth.audit;

/** An entry at its place in the chain. */
public record ChainedEntry(AuditEntry entry, ChainHead head) {

    public long seq() {
        return head.seq();
    }
}
