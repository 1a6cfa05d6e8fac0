package io.berth.tenants.quota;

/** Where a container stands in its life, as far as quotas tell the difference. */
public enum ContainerPhase {
    /** Made, or being made, and not to be started yet. */
    CREATED("created"),
    /** Being made and started, being started, or waiting to be started again by its restart policy. */
    STARTING("starting or waiting for a restart"),
    RUNNING("running"),
    PAUSED("paused"),
    STOPPED("stopped"),
    FAILED("failed"),
    DELETING("being deleted");

    private final String words;

    ContainerPhase(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
