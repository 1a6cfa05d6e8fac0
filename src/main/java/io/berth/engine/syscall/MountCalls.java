package io.berth.engine.syscall;

import static io.berth.engine.syscall.Errors.check;
import static io.berth.engine.syscall.LibC.C;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Calls on mounts. */
final class MountCalls {

    private static final byte[] NONE = {0};
    private static final int OPEN_TREE_CLONE = 1;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
    private static final int FSOPEN_CLOEXEC = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;
    private static final int FSMOUNT_CLOEXEC = 1;
    private static final int CLONE_FS = 0x200;
    private static final int CLONE_NEWNS = 0x20000;
    private static final long MOUNT_ATTR_RDONLY = 0x1;
    private static final long MOUNT_ATTR_NOSUID = 0x2;
    private static final long MOUNT_ATTR_NODEV = 0x4;
    private static final long MOUNT_ATTR_IDMAP = 0x100000;

    void mount(String source, Path target, String type, long flags, @Nullable String data) throws ErrnoException {
        byte[] from = CString.encode(source);
        byte[] to = CString.encode(target.toString());
        byte[] kind = CString.encode(type);
        byte[] options = data == null ? NONE : CString.encode(data);
        check(() -> "mount(" + source + ", " + target + ")", () -> C.mount(from, to, kind, flags, options));
    }

    void umount(Path target, int flags) throws ErrnoException {
        byte[] at = CString.encode(target.toString());
        check(() -> "umount(" + target + ")", () -> C.umount2(at, flags));
    }

    Fd procFileSystem() throws ErrnoException {
        byte[] proc = CString.encode("proc");
        try (Fd context = new OwnedFd(check(() -> "fsopen(proc)", () -> C.syscall(Abi.FSOPEN, proc, FSOPEN_CLOEXEC)))) {
            int number = context.number();
            check(() -> "fsconfig(proc)", () -> C.syscall(Abi.FSCONFIG, number, FSCONFIG_CMD_CREATE, null, null, 0));
            return new OwnedFd(
                    check(() -> "fsmount(proc)", () -> C.syscall(Abi.FSMOUNT, number, FSMOUNT_CLOEXEC, 0, 0)));
        }
    }

    /** A thread that shares its working directory with others may not leave them. */
    void enterNamespace(Path namespace, FileCalls files) throws ErrnoException {
        try (Fd pin = files.open(namespace, Flags.O_RDONLY, 0)) {
            int number = pin.number();
            check(() -> "unshare(CLONE_FS)", () -> C.unshare(CLONE_FS));
            check(() -> "setns(" + namespace + ")", () -> C.setns(number, CLONE_NEWNS));
        }
    }

    void mountIdmapped(Path source, Path target, Fd userNamespace, boolean readOnly) throws ErrnoException {
        long attributes = MOUNT_ATTR_IDMAP | (readOnly ? MOUNT_ATTR_RDONLY : 0);
        bind(source, target, attributes, Flags.MS_PRIVATE, userNamespace.number());
    }

    void mountReadOnly(Path source, Path target) throws ErrnoException {
        bind(source, target, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, 0, 0);
    }

    /** The tree is detached until the last call, so that a failure leaves nothing: closing it unmounts it. */
    private static void bind(Path source, Path target, long attributes, long propagation, int userNamespace)
            throws ErrnoException {
        byte[] from = CString.encode(source.toString());
        byte[] to = CString.encode(target.toString());
        try (Fd tree = new OwnedFd(check(
                () -> "open_tree(" + source + ")",
                () -> C.syscall(Abi.OPEN_TREE, LibC.AT_FDCWD, from, OPEN_TREE_CLONE | Flags.O_CLOEXEC, 0)))) {
            int number = tree.number();
            ByteBuffer wanted = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
            wanted.putLong(attributes).putLong(0).putLong(propagation).putLong(userNamespace); // nothing is cleared
            check(
                    () -> "mount_setattr(" + source + ", " + Long.toHexString(attributes) + ")",
                    () -> C.syscall(Abi.MOUNT_SETATTR, number, NONE, AT_EMPTY_PATH, wanted.array(), wanted.capacity()));
            check(
                    () -> "move_mount(" + source + ", " + target + ")",
                    () -> C.syscall(Abi.MOVE_MOUNT, number, NONE, LibC.AT_FDCWD, to, MOVE_MOUNT_F_EMPTY_PATH));
        }
    }
}
