package io.berth.engine;

/** A path of the root file system that differs from the image. */
public record FileChange(String path, Kind kind) {

    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }
}
