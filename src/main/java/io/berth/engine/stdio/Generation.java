package io.berth.engine.stdio;

/**
 * One of the files a log consists of over time.
 *
 * @param sequence number of the file in its log, from 1; never used twice
 * @param start offset of its first content byte in the stream since the process started; negative for what an earlier
 *     process of the same log wrote
 * @param exact whether {@code start} is known to follow on the generation before: false when more than one file came
 *     and went unseen
 */
record Generation(long sequence, long inode, long start, boolean exact) {

    Generation startingAt(long offset) {
        return new Generation(sequence, inode, offset, true);
    }
}
