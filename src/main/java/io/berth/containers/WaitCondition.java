package io.berth.containers;

/** What can be waited for. */
public enum WaitCondition {
    RUNNING,
    STOPPED,
    REMOVED;

    public boolean isMetBy(ContainerState state) {
        return switch (this) {
            case RUNNING -> state == ContainerState.RUNNING;
            case STOPPED -> state.isEnded();
            case REMOVED -> state == ContainerState.GONE;
        };
    }
}
