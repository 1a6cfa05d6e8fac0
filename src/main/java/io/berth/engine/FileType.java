package io.berth.engine;

/** What an entry of a file system is. */
public enum FileType {
    FILE,
    DIRECTORY,
    SYMLINK,
    FIFO,
    SOCKET,
    BLOCK,
    CHARACTER
}
