package io.berth.engine;

/** Something in a container's file system is in the way of what every container needs, or of what this one asked for. */
public final class UnusableRootfsException extends EngineException {

    private static final long serialVersionUID = 1L;

    private final String explanation;

    /**
     * @param path in the container
     * @param why what is wrong with it, and the way out, without host paths
     */
    public UnusableRootfsException(String path, String why) {
        super(Reason.IMAGE, path + " in the container's file system " + why);
        this.explanation = path + " in the container's file system " + why;
    }

    /** For the client. */
    public String explanation() {
        return explanation;
    }
}
