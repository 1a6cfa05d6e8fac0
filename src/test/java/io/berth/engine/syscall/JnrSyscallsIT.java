package io.berth.engine.syscall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class JnrSyscallsIT {

    private static final int ENTRIES = 3000;

    private final Syscalls syscalls = new JnrSyscalls();

    @TempDir
    Path temp;

    private Fd dir;

    @BeforeEach
    void openDirectory() throws Exception {
        dir = syscalls.open(temp, Flags.O_PATH | Flags.O_DIRECTORY, 0);
    }

    @AfterEach
    void closeDirectory() {
        dir.close();
    }

    @Test
    void namesErrors() {
        assertErrno("ENOENT", () -> syscalls.open(temp.resolve("absent"), Flags.O_RDONLY, 0));
        assertErrno("ENOTDIR", () -> syscalls.open(Path.of("/etc/passwd"), Flags.O_DIRECTORY, 0));
        assertErrno("EEXIST", () -> {
            syscalls.mkdirat(dir, "a", 0700);
            syscalls.mkdirat(dir, "a", 0700);
        });
        assertErrno("ESRCH", () -> syscalls.kill(Integer.MAX_VALUE, 0));
        assertErrno("ECHILD", () -> syscalls.waitpid(1));
        assertErrno("EBADF", () -> syscalls.fsync(dir));
    }

    @Test
    void keepsResolutionInsideTheRoot() throws Exception {
        Files.createSymbolicLink(temp.resolve("out"), Path.of("/etc/passwd"));

        assertErrno("ENOENT", () -> syscalls.openat2(dir, "out", Flags.O_RDONLY, 0, Flags.RESOLVE_IN_ROOT));
        assertErrno("EXDEV", () -> syscalls.openat2(dir, "../x", Flags.O_RDONLY, 0, Flags.RESOLVE_BENEATH));
        assertErrno("ELOOP", () -> syscalls.openat2(dir, "out", Flags.O_RDONLY, 0, Flags.RESOLVE_NO_SYMLINKS));
        assertErrno("EINVAL", () -> syscalls.unlinkat(dir, "../x", 0));
        assertErrno("EINVAL", () -> syscalls.unlinkat(dir, "..", Flags.AT_REMOVEDIR));
    }

    @Test
    void makesAndDescribesEntries() throws Exception {
        try (Fd file = syscalls.openat2(dir, "f", Flags.O_CREAT | Flags.O_RDWR, 0600, Flags.RESOLVE_BENEATH)) {
            syscalls.fchmod(file, 0640);
            ByteBuffer bytes = ByteBuffer.allocateDirect(5)
                    .put("hello".getBytes(StandardCharsets.UTF_8))
                    .flip();
            assertThat(syscalls.write(file, bytes)).isEqualTo(5);
            syscalls.fsync(file);
        }
        syscalls.utimensat(dir, "f", 1234567, 89);
        syscalls.symlinkat("f\u00e9", dir, "link");
        syscalls.linkat(dir, "f", dir, "hard");
        syscalls.mknodat(dir, "fifo", Flags.S_IFIFO | 0600, 0, 0);
        syscalls.renameat2(dir, "fifo", dir, "pipe", Flags.RENAME_NOREPLACE);

        FileStat stat = syscalls.fstatat(dir, "f");
        assertThat(stat.isRegularFile()).isTrue();
        assertThat(stat.permissions()).isEqualTo(0640);
        assertThat(stat.size()).isEqualTo(5);
        assertThat(stat.links()).isEqualTo(2);
        assertThat(stat.mtimeSeconds()).isEqualTo(1234567);
        assertThat(syscalls.fstatat(dir, "").isDirectory()).isTrue();
        assertThat(syscalls.fstatat(dir, "link").isSymbolicLink()).isTrue();
        assertThat(syscalls.readlinkat(dir, "link")).isEqualTo("f\u00e9");
        assertThat(syscalls.list(dir)).containsExactlyInAnyOrder("f", "link", "hard", "pipe");
        assertErrno("EEXIST", () -> syscalls.renameat2(dir, "f", dir, "hard", Flags.RENAME_NOREPLACE));
    }

    @Test
    void listsLargeDirectoriesAndNamesThatAreNotUtf8() throws Exception {
        String odd = "\uDCFF\uDC80";
        for (int i = 0; i < ENTRIES; i++) {
            syscalls.mkdirat(dir, "entry-with-a-rather-long-name-" + i, 0700);
        }
        syscalls.mkdirat(dir, odd, 0700);

        assertThat(syscalls.list(dir)).hasSize(ENTRIES + 1).contains(odd);
        assertThat(syscalls.list(dir, 10)).hasSize(10);
        // the temporary directory's own removal could not name it
        syscalls.unlinkat(dir, odd, Flags.AT_REMOVEDIR);
    }

    @Test
    void keepsExtendedAttributesByteForByte() throws Exception {
        Files.createFile(temp.resolve("f"));
        byte[] value = new byte[700];
        value[3] = -1;

        syscalls.setxattrat(dir, "f", "user.berth", value);
        syscalls.setxattrat(dir, "f", "user.empty", new byte[0]);

        assertThat(syscalls.getxattrat(dir, "f", "user.berth")).isEqualTo(value);
        assertThat(syscalls.getxattrat(dir, "f", "user.empty")).isEmpty();
        assertThat(syscalls.getxattrat(dir, "f", "user.none")).isNull();
    }

    @Test
    void tellsFileSystems() throws Exception {
        assertThat(syscalls.filesystemType(Path.of("/proc"))).isEqualTo(0x9fa0);
        assertThat(syscalls.deviceOf(temp)).matches("\\d+:\\d+");
    }

    @Test
    void addsInodeFlagsToThoseThereAre() throws Exception {
        int noDump = 0x40;
        int noAccessTime = 0x80; // two that every file system has

        syscalls.addInodeFlags(temp, noDump);
        syscalls.addInodeFlags(temp, noAccessTime);

        Process lsattr = new ProcessBuilder("lsattr", "-d", temp.toString()).start();
        String flags = new String(lsattr.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ")[0];
        assertThat(flags).contains("d", "A");
    }

    @Test
    void reportsABrokenPipeAsAnErrorAndNoSignal() throws Exception {
        Fd[] pipe = syscalls.pipe();
        pipe[0].close();
        try (Fd write = pipe[1]) {
            assertErrno("EPIPE", () -> syscalls.write(write, ByteBuffer.allocateDirect(1)));
        }
    }

    @Test
    void waitsForEventsWithTheirTokens() throws Exception {
        Fd[] pipe = syscalls.pipe();
        try (Fd epoll = syscalls.epollCreate();
                Fd read = pipe[0];
                Fd write = pipe[1]) {
            syscalls.setNonBlocking(read, true);
            syscalls.epollControl(epoll, Flags.EPOLL_CTL_ADD, read, Flags.EPOLLIN, 0x1234567890L);
            long[] tokens = new long[4];
            int[] events = new int[4];
            ByteBuffer buffer = ByteBuffer.allocateDirect(16);

            assertThat(syscalls.read(read, buffer)).isEqualTo(Syscalls.WOULD_BLOCK);
            for (long nanos : new long[] {0, 200_000, 1_500_000}) {
                long start = System.nanoTime();
                assertThat(syscalls.epollWait(epoll, tokens, events, nanos)).isZero();
                assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
            }
            syscalls.write(write, ByteBuffer.allocateDirect(3));

            assertThat(syscalls.epollWait(epoll, tokens, events, 900_000)).isEqualTo(1);

            assertThat(syscalls.epollWait(epoll, tokens, events, -1)).isEqualTo(1);
            assertThat(tokens[0]).isEqualTo(0x1234567890L);
            assertThat(events[0]).isEqualTo(Flags.EPOLLIN);
            assertThat(syscalls.read(read, buffer)).isEqualTo(3);
            write.close();
            assertThat(syscalls.read(read, buffer)).isEqualTo(-1);
        }
    }

    @Test
    void refusesAConnectionToAPathThatIsLongAndAbsent() {
        Path path = temp.resolve("x".repeat(120)).resolve("y".repeat(100));

        assertErrno("ENOENT", () -> syscalls.connectSeqpacket(path));
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitToConnectToAServerThatAcceptsNothing() throws Exception {
        Path path = temp.resolve("full");
        List<Fd> waiting = new ArrayList<>();
        try (SeqpacketServer full = new SeqpacketServer(path)) {
            assertErrno("EAGAIN", () -> {
                for (int i = 0; i < 100; i++) {
                    waiting.add(syscalls.connectSeqpacket(path));
                }
            });
        } finally {
            waiting.forEach(Fd::close);
        }
    }

    @Test
    void mountsWithMappedIds() throws Exception {
        Path source = Files.createDirectory(temp.resolve("source"));
        Path target = Files.createDirectory(temp.resolve("target"));
        Files.writeString(source.resolve("f"), "x");
        int holder =
                syscalls.spawn(List.of("unshare", "--user", "sleep", "60"), java.util.Map.of(), java.util.Map.of());
        Path proc = Path.of("/proc/" + holder);
        try {
            Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/user"));
            org.awaitility.Awaitility.await()
                    .until(() ->
                            !Files.readSymbolicLink(proc.resolve("ns/user")).equals(own));
            Files.writeString(proc.resolve("uid_map"), "0 100000 1000");
            Files.writeString(proc.resolve("gid_map"), "0 100000 1000");
            try (Fd namespace = syscalls.open(proc.resolve("ns/user"), Flags.O_RDONLY, 0)) {
                syscalls.mountIdmapped(source, target, namespace, true);
            }
            try (Fd mounted = syscalls.open(target, Flags.O_PATH, 0)) {
                assertThat(syscalls.fstatat(mounted, "f").uid()).isEqualTo(100000);
                assertErrno("EROFS", () -> syscalls.mkdirat(mounted, "d", 0700));
            } finally {
                syscalls.umount(target, Flags.MNT_DETACH);
            }
        } finally {
            syscalls.kill(holder, 9);
            syscalls.waitpid(holder);
        }
    }

    @Test
    void mountsReadOnlyAlsoInAnotherMountNamespace() throws Exception {
        Path shared = Files.createDirectory(temp.resolve("shared"));
        Path source = Files.writeString(temp.resolve("program"), "x");
        syscalls.mount("none", shared, "tmpfs", 0, null);
        syscalls.mount("none", shared, "", Flags.MS_SHARED, null);
        Path target = Files.createFile(shared.resolve("program"));
        Process other =
                new ProcessBuilder("unshare", "--mount", "--propagation", "slave", "sh", "-c", "echo; read x").start();
        try {
            assertThat(other.getInputStream().read()).isEqualTo('\n');

            syscalls.mountReadOnly(source, target);

            assertErrno("EROFS", () -> syscalls.open(target, Flags.O_WRONLY, 0));
            assertThat(Files.readAllLines(Path.of("/proc/" + other.pid() + "/mountinfo")))
                    .filteredOn(line -> line.contains(" " + target + " "))
                    .singleElement()
                    .asString()
                    .contains(" ro,nosuid,nodev");
        } finally {
            other.destroyForcibly().waitFor();
            syscalls.umount(shared, Flags.MNT_DETACH);
        }
    }

    private static void assertErrno(String errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }
}
