package io.berth.engine;

import java.util.List;

/**
 * A directory and what is in it.
 *
 * @param entries by name
 * @param truncated whether there are more
 */
public record FileListing(FileInfo directory, List<FileInfo> entries, boolean truncated) {

    public FileListing {
        entries = List.copyOf(entries);
    }
}
