package io.berth.images.content;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes what a tar's entries say, the last of several with one name, and turns whiteouts into overlayfs's.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md">layer.md</a>
 */
final class EntryApplier {

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final String RESERVED = ".wh..wh.";
    private static final String OVERLAY_OPAQUE = "trusted.overlay.opaque";
    private static final int COPY_BUFFER = 128 << 10;

    private record Time(long seconds, int nanos) {}

    /** Makes an entry; fails with EEXIST if there is one. */
    @FunctionalInterface
    private interface Maker {
        void make() throws IOException;
    }

    private final Syscalls syscalls;
    private final LayerTree tree;
    private final EntryMetadata metadata;
    private final ContentLimits limits;
    private final Map<String, Time> directoryTimes = new LinkedHashMap<>();
    private final byte[] buffer = new byte[COPY_BUFFER];
    private final ByteBuffer direct = ByteBuffer.allocateDirect(COPY_BUFFER);
    private long directoryNames;
    private long written;

    EntryApplier(Syscalls syscalls, LayerTree tree, ContentLimits limits) {
        this.syscalls = syscalls;
        this.tree = tree;
        this.metadata = new EntryMetadata(syscalls);
        this.limits = limits;
    }

    void apply(TarEntry entry, TarReader data) throws IOException {
        EntryName name = EntryName.parse(entry.name(), "entry " + Utf8.printable(entry.name()), limits.pathDepth());
        if (entry.name().isEmpty() || (name.isRoot() && entry.type() != TarEntry.Type.DIRECTORY)) {
            throw new TarFormatException("an entry has no name, or is the root and no directory");
        }
        if (name.isRoot()) {
            metadata.apply(tree.root(), ".", entry);
            remember("", entry);
        } else if (name.name().startsWith(WHITEOUT)) {
            whiteout(name);
        } else {
            make(entry, name, data);
        }
    }

    /** Gives directories their times, which making their entries has changed. */
    void finish() throws IOException {
        for (Map.Entry<String, Time> directory : directoryTimes.entrySet()) {
            try (Fd fd = tree.openItself(directory.getKey())) {
                Time time = directory.getValue();
                metadata.time(fd, ".", time.seconds(), time.nanos());
            } catch (ErrnoException e) {
                // a later entry took its place
                if (!e.is("ENOENT") && !e.is("ENOTDIR") && !e.is("ELOOP")) {
                    throw e;
                }
            }
        }
    }

    private void make(TarEntry entry, EntryName name, TarReader data) throws IOException {
        switch (entry.type()) {
            case FILE -> file(entry, name, data);
            case DIRECTORY -> directory(entry, name);
            case SYMLINK -> symlink(entry, name);
            case HARD_LINK -> hardLink(entry, name);
            case FIFO -> fifo(entry, name);
            case CHARACTER_DEVICE, BLOCK_DEVICE -> DevicePolicy.checkHarmless(entry, name);
        }
    }

    private void file(TarEntry entry, EntryName name, TarReader data) throws IOException {
        Fd parent = tree.parent(name);
        replacing(parent, name, () -> {
            try (Fd file = tree.create(parent, name.name())) {
                copy(data, file);
            }
        });
        metadata.apply(parent, name.name(), entry);
        metadata.time(parent, name.name(), entry);
    }

    private void copy(TarReader data, Fd file) throws IOException {
        for (int n = data.read(buffer, 0, buffer.length); n >= 0; n = data.read(buffer, 0, buffer.length)) {
            written += n; // the stream's own bound does not see holes
            if (written > limits.layerBytes()) {
                throw new TarFormatException("files of more than " + limits.layerBytes() + " bytes together");
            }
            direct.clear();
            direct.put(buffer, 0, n);
            direct.flip();
            while (direct.hasRemaining()) {
                syscalls.write(file, direct);
            }
        }
    }

    private void directory(TarEntry entry, EntryName name) throws IOException {
        Fd parent = tree.parent(name);
        FileStat there = tree.stat(parent, name.name());
        if (there == null || !there.isDirectory()) {
            if (there != null) {
                tree.remove(parent, name.name(), there);
            }
            syscalls.mkdirat(parent, name.name(), 0700);
            if (there != null && isWhiteout(there)) {
                syscalls.setxattrat(parent, name.name(), OVERLAY_OPAQUE, new byte[] {'y'});
            }
        }
        metadata.apply(parent, name.name(), entry);
        remember(name.toString(), entry);
    }

    private void symlink(TarEntry entry, EntryName name) throws IOException {
        String target = entry.linkName();
        if (target.isEmpty() || target.getBytes(StandardCharsets.UTF_8).length > ContentLimits.PATH_BYTES) {
            throw new TarFormatException(
                    "entry " + Utf8.printable(entry.name()) + ": the link's target is empty or too long");
        }
        Fd parent = tree.parent(name);
        replacing(parent, name, () -> syscalls.symlinkat(target, parent, name.name()));
        metadata.owner(parent, name.name(), entry);
        metadata.time(parent, name.name(), entry);
    }

    private void hardLink(TarEntry entry, EntryName name) throws IOException {
        String what = "entry " + Utf8.printable(entry.name());
        EntryName target = EntryName.parse(entry.linkName(), what + ", a hard link", limits.pathDepth());
        TarFormatException dangling = new TarFormatException(
                what + " is a hard link to what is not in this layer: " + Utf8.printable(entry.linkName()));
        if (target.isRoot()) {
            throw dangling;
        }
        try (Fd targetParent = openParent(target, dangling)) {
            FileStat linked = tree.stat(targetParent, target.name());
            if (linked == null || linked.isDirectory() || linked.isCharacterDevice()) {
                throw dangling;
            }
            Fd parent = tree.parent(name);
            FileStat there = tree.stat(parent, name.name());
            if (there != null && there.inode() == linked.inode()) {
                return; // already so; replacing it might remove the only one
            }
            replacing(parent, name, () -> syscalls.linkat(targetParent, target.name(), parent, name.name()));
        }
    }

    private Fd openParent(EntryName target, TarFormatException dangling) throws IOException {
        try {
            return tree.open(target.parent());
        } catch (ErrnoException e) {
            if (e.is("ENOENT") || e.is("ENOTDIR") || e.is("ELOOP")) {
                dangling.addSuppressed(e);
                throw dangling;
            }
            throw e;
        }
    }

    private void fifo(TarEntry entry, EntryName name) throws IOException {
        Fd parent = tree.parent(name);
        replacing(parent, name, () -> syscalls.mknodat(parent, name.name(), Flags.S_IFIFO | 0600, 0, 0));
        metadata.apply(parent, name.name(), entry);
        metadata.time(parent, name.name(), entry);
    }

    /** Hides what lower layers have under a name; what this layer has under it stays visible, in whatever order. */
    private void whiteout(EntryName name) throws IOException {
        if (name.name().equals(OPAQUE)) {
            syscalls.setxattrat(tree.parent(name), ".", OVERLAY_OPAQUE, new byte[] {'y'});
            return;
        }
        if (name.name().startsWith(RESERVED)) {
            return; // aufs's own bookkeeping
        }
        String hidden = name.name().substring(WHITEOUT.length());
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new TarFormatException("entry " + Utf8.printable(name.toString()) + " is a whiteout of nothing");
        }
        Fd parent = tree.parent(name);
        FileStat there = tree.stat(parent, hidden);
        if (there == null) {
            syscalls.mknodat(parent, hidden, Flags.S_IFCHR, 0, 0);
        } else if (there.isDirectory()) {
            syscalls.setxattrat(parent, hidden, OVERLAY_OPAQUE, new byte[] {'y'});
        }
    }

    /** Most names are new, so ask only when they turn out not to be. */
    private void replacing(Fd parent, EntryName name, Maker maker) throws IOException {
        try {
            maker.make();
        } catch (ErrnoException e) {
            FileStat there = e.is("EEXIST") ? tree.stat(parent, name.name()) : null;
            if (there == null) {
                throw e;
            }
            tree.remove(parent, name.name(), there);
            maker.make();
        }
    }

    private void remember(String path, TarEntry entry) throws TarFormatException {
        if (directoryTimes.put(path, new Time(entry.mtimeSeconds(), entry.mtimeNanos())) == null) {
            directoryNames += path.length() + 1L;
        }
        if (directoryNames > ContentLimits.DIRECTORY_NAMES) {
            throw new TarFormatException("the names of its directories are too long, all together");
        }
    }

    private static boolean isWhiteout(FileStat stat) {
        return stat.isCharacterDevice() && stat.deviceMajor() == 0 && stat.deviceMinor() == 0;
    }
}
