package io.berth.files;

import io.berth.engine.FileContent;
import io.berth.engine.FileInfo;
import io.berth.tenants.Slots;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A regular file, open to be sent as a whole or in part. */
public final class Download implements ByteStream {

    private final FileContent content;
    private final Slots.Slot slot;
    private ByteRange range;
    private long position;

    Download(FileContent content, Slots.Slot slot) {
        this.content = content;
        this.slot = slot;
        this.range = new ByteRange(0, content.info().size() - 1);
    }

    public FileInfo info() {
        return content.info();
    }

    /** Only this part, from now on. */
    public Download part(ByteRange part) {
        range = part;
        position = part.first();
        return this;
    }

    @Override
    public long length() {
        return range.length();
    }

    /** @throws EOFException if the file has shrunk, so that what was promised cannot be sent */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        long left = range.last() + 1 - position;
        if (left <= 0) {
            return -1;
        }
        if (buffer.remaining() > left) {
            buffer.limit(buffer.position() + (int) left);
        }
        int count = content.read(position, buffer);
        if (count < 0) {
            throw new EOFException("the file ends at byte " + position + " now");
        }
        position += count;
        return count;
    }

    @Override
    public void close() {
        content.close();
        slot.close();
    }
}
