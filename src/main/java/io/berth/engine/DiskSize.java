package io.berth.engine;

/**
 * What files occupy on a disk.
 *
 * @param bytes allocated, which is less than the files' sizes if they are sparse
 * @param complete whether everything was looked at; otherwise it is at least so much
 */
public record DiskSize(long bytes, boolean complete) {}
