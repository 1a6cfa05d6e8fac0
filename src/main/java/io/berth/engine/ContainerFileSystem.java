package io.berth.engine;

/**
 * The files of a container as its processes see them, whether it runs, is paused or stopped. Everything blocks for the disk. Nothing
 * outside the container is ever reached, whatever its processes do to the paths meanwhile. Thread-safe.
 *
 * <p>Failures are {@link ContainerFileException}; {@link EngineException} {@code NOT_FOUND} when the container is gone, {@code WRONG_STATE}
 * when it is ending, or was worked on by others for longer than a few seconds.
 */
public interface ContainerFileSystem {

    /** The entry itself, a symbolic link for example. */
    FileInfo stat(FilePath path);

    /** A directory, which links may lead to. @param limit of entries */
    FileListing list(FilePath path, int limit);

    /** Opens a regular file, which links may lead to. */
    FileContent read(FilePath path);

    /** What {@link #write} did. @param created whether there was none before */
    record Written(FileInfo info, boolean created) {}

    /**
     * Writes a regular file, which links may lead to; it appears whole by rename.
     *
     * @param content read to its end and not closed; should be fast, since the container may wait for it
     */
    Written write(FilePath path, java.io.InputStream content, FileWrite how);

    /**
     * Makes a directory.
     *
     * @param attributes 0755 and root unless given
     * @param parents whether missing ones above are made, and one that is there is good
     */
    FileInfo makeDirectory(FilePath path, FileAttributes attributes, boolean parents);

    /** Gives an entry another name. @param overwrite whether what has that name is replaced */
    void move(FilePath from, FilePath to, boolean overwrite);

    /**
     * Removes an entry.
     *
     * @param recursive whether a directory goes with all it holds; what was removed before a failure stays so
     */
    void delete(FilePath path, boolean recursive);

    /** Walks an entry and all below it, as it is met. Names begin with the entry's own, {@code .} for the root. */
    FileTree walk(FilePath path);

    /**
     * Puts a tree into a directory, as if that were the root of everything. What was done before a failure stays.
     *
     * @return how many entries were made
     * @throws java.io.IOException if the tree cannot be read
     */
    int unpack(FilePath directory, FileTree tree) throws java.io.IOException;
}
