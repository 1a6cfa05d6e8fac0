package io.berth.tenants.quota;

/** How a limit is meant. */
public enum Level {
    /** The tenant's containers draw on it together; the kernel holds it, whatever they were promised. */
    POOL("tenant"),
    /** There are never more of them. */
    COUNT("tenant"),
    /** So many in a time; the rest is told to come later. */
    RATE("tenant"),
    /** No container gets more than this for itself. */
    EACH("container");

    private final String scope;

    Level(String scope) {
        this.scope = scope;
    }

    /** Whom it limits: {@code tenant} or {@code container}. */
    public String scope() {
        return scope;
    }
}
