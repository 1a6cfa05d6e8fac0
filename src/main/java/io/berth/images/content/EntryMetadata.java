package io.berth.images.content;

import io.berth.engine.syscall.ErrnoException;
import io.berth.engine.syscall.Fd;
import io.berth.engine.syscall.Syscalls;
import java.util.Map;

/** Gives entries their owner, mode, attributes and time. */
final class EntryMetadata {

    private static final long HIGHEST_ID = 65535;
    private static final int NOBODY = 65534;
    private static final long LATEST = 0xffff_ffffL; // 2106: what every file system in question can hold

    private final Syscalls syscalls;

    EntryMetadata(Syscalls syscalls) {
        this.syscalls = syscalls;
    }

    /** For everything but links; mode comes last, because chown(2) clears set-id bits and file capabilities. */
    void apply(Fd parent, String name, TarEntry entry) throws ErrnoException, TarFormatException {
        syscalls.fchownat(parent, name, id(entry.uid()), id(entry.gid()));
        xattrs(parent, name, entry);
        syscalls.fchmodat(parent, name, entry.mode());
    }

    void owner(Fd parent, String name, TarEntry entry) throws ErrnoException {
        syscalls.fchownat(parent, name, id(entry.uid()), id(entry.gid()));
    }

    void time(Fd parent, String name, TarEntry entry) throws ErrnoException {
        time(parent, name, entry.mtimeSeconds(), entry.mtimeNanos());
    }

    void time(Fd parent, String name, long seconds, int nanos) throws ErrnoException {
        long clamped = Math.max(0, Math.min(LATEST, seconds));
        syscalls.utimensat(parent, name, clamped, clamped == seconds ? nanos : 0);
    }

    /** A container's user namespace has 65536 ids: whoever is beyond them is nobody. */
    static int id(long id) {
        return id < 0 || id > HIGHEST_ID ? NOBODY : (int) id;
    }

    /** Only these have a meaning inside a container and none outside; labels, ACLs and overlayfs's own are left out. */
    static boolean isAllowed(String attribute) {
        return attribute.equals("security.capability")
                || (attribute.startsWith("user.")
                        && attribute.length() > "user.".length()
                        && !attribute.startsWith("user.overlay.")
                        && attribute.indexOf('\0') < 0);
    }

    private void xattrs(Fd parent, String name, TarEntry entry) throws ErrnoException, TarFormatException {
        for (Map.Entry<String, byte[]> attribute : entry.xattrs().entrySet()) {
            if (!isAllowed(attribute.getKey())
                    || (attribute.getKey().equals("security.capability") && entry.type() != TarEntry.Type.FILE)) {
                continue;
            }
            if (attribute.getKey().length() > ContentLimits.NAME_BYTES
                    || attribute.getValue().length > ContentLimits.XATTR_BYTES) {
                throw tooLarge(entry, attribute.getKey());
            }
            try {
                syscalls.setxattrat(parent, name, attribute.getKey(), attribute.getValue());
            } catch (ErrnoException e) {
                // file systems with little room for attributes say ENOSPC with plenty of space left
                if (e.is("ENOSPC") || e.is("E2BIG") || e.is("ERANGE")) {
                    throw tooLarge(entry, attribute.getKey());
                }
                boolean userAttribute = attribute.getKey().startsWith("user.");
                if (e.is("EINVAL") || (userAttribute && !e.is("EIO"))) {
                    // a file system without user attributes, or a value the kernel does not know: not worth failing for
                    continue;
                }
                throw e;
            }
        }
    }

    private static TarFormatException tooLarge(TarEntry entry, String attribute) {
        return new TarFormatException("entry " + Utf8.printable(entry.name()) + ": the attribute "
                + Utf8.printable(attribute) + " is too large");
    }
}
