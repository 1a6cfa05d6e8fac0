package io.berth.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tree as it is listed. */
public final class ListedTree implements FileTree {

    /** An entry and its data. */
    public record Item(FileTree.Entry entry, String data) {}

    private final Iterator<Item> items;
    private ByteBuffer data = ByteBuffer.allocate(0);

    ListedTree(List<Item> items) {
        this.items = items.iterator();
    }

    @Override
    public @Nullable Entry next() {
        if (!items.hasNext()) {
            return null;
        }
        Item item = items.next();
        data = ByteBuffer.wrap(item.data().getBytes(StandardCharsets.UTF_8));
        return item.entry();
    }

    @Override
    public int read(ByteBuffer buffer) {
        if (!data.hasRemaining()) {
            return -1;
        }
        int count = Math.min(data.remaining(), buffer.remaining());
        buffer.put(data.slice().limit(count));
        data.position(data.position() + count);
        return count;
    }

    @Override
    public void close() {}
}
