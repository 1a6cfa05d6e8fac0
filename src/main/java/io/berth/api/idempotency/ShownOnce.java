package io.berth.api.idempotency;

/** An answer with a secret that is shown to its first reader only: what is kept for repeated requests is the rest. */
public interface ShownOnce {

    /** The same answer as it may be stored, and shown again. */
    Object withoutSecret();
}
