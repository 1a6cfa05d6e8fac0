package io.berth.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.common.BerthException;
import io.berth.engine.FileTree;
import io.berth.engine.FileTree.Entry;
import io.berth.engine.FileTree.Kind;
import io.berth.images.content.TarBuilder;
import io.berth.images.content.TarEntry;
import io.berth.images.content.TarReader;
import io.berth.tenants.Slots;
import io.berth.tenants.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tars that are sent and received. */
class TarStreamTest {

    private static final TenantId TENANT = new TenantId("one");

    private final Slots slots = new Slots("downloads", 1, 2);

    /** Entries whose every byte of data is {@code x}. */
    private static final class Given implements FileTree {

        private final Iterator<Entry> entries;
        private long left;
        private boolean closed;

        Given(Entry... entries) {
            this.entries = List.of(entries).iterator();
        }

        @Override
        public @Nullable Entry next() {
            if (!entries.hasNext()) {
                return null;
            }
            Entry entry = entries.next();
            left = entry.size();
            return entry;
        }

        @Override
        public int read(ByteBuffer buffer) {
            int count = (int) Math.min(left, buffer.remaining());
            for (int i = 0; i < count; i++) {
                buffer.put((byte) 'x');
            }
            left -= count;
            return count == 0 ? -1 : count;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static Entry file(String path, long size) {
        return new Entry(path, Kind.FILE, 04755, 65_534, 7, size, 1_900_000_000L, 5, "");
    }

    private byte[] tar(Given tree, int piece) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (TarStream stream = new TarStream(tree, slots.take(TENANT))) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(piece);
            while (stream.read(buffer.clear()) >= 0) {
                byte[] part = new byte[buffer.flip().remaining()];
                buffer.get(part);
                all.writeBytes(part);
            }
        }
        return all.toByteArray();
    }

    private static List<TarEntry> read(byte[] tar) throws IOException {
        List<TarEntry> entries = new ArrayList<>();
        TarReader reader = new TarReader(new ByteArrayInputStream(tar), 1 << 20, true);
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(entry);
            assertThat(new String(reader.data().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("x".repeat((int) entry.size()));
        }
        return entries;
    }

    @Test
    void writesWhatAReaderReads() throws IOException {
        String longName = "d/" + "n".repeat(255) + "/ü";
        String longTarget = "t".repeat(300);
        for (int piece : new int[] {1, 511, 512, 100_000}) {
            Given tree = new Given(
                    new Entry("d", Kind.DIRECTORY, 0755, 0, 0, 0, 0, 0, ""),
                    file("d/f", 1000),
                    file("d/empty", 0),
                    file("d/block", 512),
                    file(longName, 1),
                    new Entry("d/l", Kind.SYMLINK, 0777, 0, 0, 0, 1, 0, longTarget));
            byte[] tar = tar(tree, piece);
            assertThat(tar.length % 512).isZero();
            List<TarEntry> entries = read(tar);
            assertThat(entries)
                    .extracting(TarEntry::name)
                    .containsExactly("d/", "d/f", "d/empty", "d/block", longName, "d/l");
            assertThat(entries.get(1))
                    .satisfies(entry -> assertThat(entry.mode()).isEqualTo(04755))
                    .satisfies(entry -> assertThat(entry.uid()).isEqualTo(65_534))
                    .satisfies(entry -> assertThat(entry.gid()).isEqualTo(7))
                    .satisfies(entry -> assertThat(entry.mtimeSeconds()).isEqualTo(1_900_000_000L));
            assertThat(entries.get(5).linkName()).isEqualTo(longTarget);
            assertThat(tree.closed).isTrue();
        }
    }

    @Test
    void keepsBytesThatAreNoText() throws IOException {
        byte[] tar = tar(new Given(file("a\uDCFFb", 0)), 1000);
        assertThat(List.of(tar[0], tar[1], tar[2], tar[3]))
                .containsExactly((byte) 'a', (byte) 0xff, (byte) 'b', (byte) 0);
    }

    @Test
    void writesSizesThatOctalCannotHold() throws IOException {
        try (TarStream stream = new TarStream(new Given(file("big", 1L << 40)), slots.take(TENANT))) {
            ByteBuffer header = ByteBuffer.allocateDirect(512);
            stream.read(header);
            header.flip();
            byte[] bytes = new byte[512];
            header.get(bytes);
            TarReader reader = new TarReader(new ByteArrayInputStream(bytes), 1 << 20, true);
            assertThat(reader.next()).extracting(TarEntry::size).isEqualTo(1L << 40);
        }
    }

    @Test
    void givesATenantNoMoreThanItsSlots() {
        try (Slots.Slot slot = slots.take(TENANT)) {
            assertThatThrownBy(() -> slots.take(TENANT)).isInstanceOf(BerthException.class);
            try (Slots.Slot second = slots.take(new TenantId("two"))) {
                assertThatThrownBy(() -> slots.take(new TenantId("three"))).isInstanceOf(BerthException.class);
            }
            slot.close();
            slots.take(TENANT).close();
        }
        slots.take(TENANT).close();
    }

    @Test
    void boundsAndCleansWhatIsReceived() throws IOException {
        byte[] tar = new TarBuilder()
                .owner(70_000, 5)
                .file("/a/./b", "xx")
                .device('6', "fifo", 0, 0)
                .symlink("l", "../../x")
                .build();
        ReceivedTree tree = received(tar, 10, 100);
        Entry first = Objects.requireNonNull(tree.next());
        assertThat(first.path()).isEqualTo("a/b");
        assertThat(List.of(first.uid(), first.gid())).containsExactly(65_534, 5);
        assertThat(tree.next()).extracting(Entry::target).isEqualTo("../../x");
        assertThat(tree.next()).isNull();
        assertThat(tree.skipped()).isEqualTo(1);
        refused(received(tar, 2, 100));
        refused(received(new TarBuilder().file("a/../../b", "").build(), 10, 100));
        refused(received(new TarBuilder().hardLink("h", "../b").build(), 10, 100));
        refused(received(new TarBuilder().symlink("l", "").build(), 10, 100));
        ReceivedTree large =
                received(new TarBuilder().file("f", "x".repeat(101)).build(), 10, 100);
        large.next();
        assertThatThrownBy(() -> large.read(ByteBuffer.allocateDirect(1000))).isInstanceOf(BerthException.class);
    }

    private static ReceivedTree received(byte[] tar, int entries, long bytes) {
        return new ReceivedTree(new TarReader(new ByteArrayInputStream(tar), 1 << 20, true), entries, bytes);
    }

    private static void refused(ReceivedTree tree) {
        assertThatThrownBy(() -> {
                    while (tree.next() != null) {
                        // to the refusal
                    }
                })
                .isInstanceOf(BerthException.class);
    }
}
