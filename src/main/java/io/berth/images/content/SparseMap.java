package io.berth.images.content;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the stored data of a sparse file lies in it. What is between the segments reads as zeros.
 *
 * @param segments in ascending order, not overlapping, none beyond {@code realSize}
 */
record SparseMap(List<Segment> segments, long realSize) {

    record Segment(long offset, long length) {}

    SparseMap {
        segments = List.copyOf(segments);
    }

    /**
     * @param numbers offset and length of each segment in turn
     * @param storedSize bytes of data in the archive
     * @throws TarFormatException if they are out of order, overlap, or do not fit the sizes
     */
    static SparseMap of(List<Long> numbers, long realSize, long storedSize) throws TarFormatException {
        List<Segment> segments = new ArrayList<>();
        long end = 0;
        long stored = 0;
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            long offset = numbers.get(i);
            long length = numbers.get(i + 1);
            if (offset < end || length < 0 || length > realSize || offset > realSize - length) {
                throw new TarFormatException("malformed sparse file: segment at " + offset + " does not fit");
            }
            end = offset + length;
            stored += length;
            if (length > 0) {
                segments.add(new Segment(offset, length));
            }
        }
        if (numbers.size() % 2 != 0 || stored != storedSize) {
            throw new TarFormatException("malformed sparse file: segments do not add up to its data");
        }
        return new SparseMap(segments, realSize);
    }
}
