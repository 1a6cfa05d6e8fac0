package io.berth.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A tree of files, one entry after the other, a directory before what is in it. Not thread-safe. */
public interface FileTree extends AutoCloseable {

    /**
     * The next entry; what is left of the present one's data is passed over.
     *
     * @return {@code null} at the end
     * @throws IOException if the tree comes from a stream, and that fails
     */
    @Nullable
    Entry next() throws IOException;

    /**
     * Reads data of the present entry.
     *
     * @param buffer a direct one
     * @return -1 at its end
     */
    int read(ByteBuffer buffer) throws IOException;

    /**
     * Is told of each directory that was made because an entry lies in it, and the tree has none for it.
     *
     * @throws IOException to end it: it becomes more than is allowed
     */
    default void parentMade() throws IOException {}

    @Override
    void close();

    /** What an entry is. */
    enum Kind {
        FILE,
        DIRECTORY,
        SYMLINK,
        /** Another name of a file of the same tree. */
        HARD_LINK
    }

    /**
     * An entry.
     *
     * @param path relative to where the tree is put, {@code a/b}, or empty for that itself; a byte that is no UTF-8 is a lone surrogate
     * @param mode permissions and set-id bits
     * @param uid as the container sees it; gid likewise
     * @param size bytes of data
     * @param target of a link: of a symbolic one as it is, of a hard one a path like {@code path}
     */
    record Entry(
            String path,
            Kind kind,
            int mode,
            int uid,
            int gid,
            long size,
            long mtimeSeconds,
            int mtimeNanos,
            String target) {}
}
