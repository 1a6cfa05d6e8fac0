package io.berth.engine.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.engine.ContainerFileException;
import io.berth.engine.ContainerFileException.Problem;
import io.berth.engine.FileInfo;
import io.berth.engine.FileListing;
import io.berth.engine.FilePath;
import io.berth.engine.FileTree;
import io.berth.engine.syscall.FileStat;
import io.berth.engine.syscall.Flags;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.engine.syscall.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A container decides how long its names are and how many: what one request may cost is decided here. */
class BoundsTest {

    private static final Syscalls SYSCALLS = new JnrSyscalls();

    @TempDir
    Path directory;

    private Root root() throws IOException {
        return new Root(
                SYSCALLS,
                SYSCALLS.open(directory, Flags.O_PATH | Flags.O_DIRECTORY, 0),
                new IdRange(0, 65_536),
                Set.of(SYSCALLS.filesystemType(directory)),
                false,
                () -> {});
    }

    private RootedFileSystem files() {
        RootSource source = new RootSource() {
            @Override
            public Root toRead() throws IOException {
                return root();
            }

            @Override
            public Root toWrite() throws IOException {
                return root();
            }
        };
        return new RootedFileSystem(source, new ReentrantLock());
    }

    private static void assertProblem(Problem problem, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContainerFileException.class,
                        e -> assertThat(e.problem()).isEqualTo(problem));
    }

    @Test
    void cutsAListingWhoseLinksLeadToVeryLongNames() throws IOException {
        Path target = Path.of("x".repeat(4000));
        for (int i = 0; i < 400; i++) {
            Files.createSymbolicLink(directory.resolve("link" + i), target);
        }
        FileListing listing = files().list(FilePath.ROOT, 10_000);
        assertThat(listing.truncated()).isTrue();
        assertThat(listing.entries()).hasSizeBetween(200, 262);
    }

    @Test
    void walksNoDirectoryOfMoreNamesThanItMayKeepInMind() throws IOException {
        String padding = "x".repeat(245);
        for (int i = 0; i < 17_000; i++) {
            Files.createSymbolicLink(directory.resolve(padding + i), Path.of("x"));
        }
        try (FileTree walk = files().walk(FilePath.ROOT)) {
            assertProblem(Problem.TOO_DEEP, walk::next);
        }
    }

    @Test
    void showsTimesThatNoCalendarHas() throws IOException {
        try (Root root = root()) {
            assertThat(root.info(
                            "f",
                            new FileStat(0100644, 0, 0, 0, 1, 0, 0, 1, Long.MAX_VALUE, 5, Long.MIN_VALUE, 5, 0),
                            null))
                    .extracting(FileInfo::modifiedAt, FileInfo::changedAt)
                    .containsExactly(Instant.parse("9999-12-31T23:59:59Z"), Instant.parse("0001-01-01T00:00:00Z"));
        }
    }

    @Test
    void endsADeletionThatGoesOnAndOn() throws IOException {
        Files.createDirectories(directory.resolve("d/sub"));
        for (int i = 0; i < 20; i++) {
            Files.createFile(directory.resolve("d/sub/" + i));
        }
        try (Root root = root()) {
            FilePath path = FilePath.parse("/d");
            assertProblem(Problem.UNFINISHED, () -> new TreeDeleter(root, path, 10).remove(root.top(), "d"));
            assertThat(directory.resolve("d/sub").toFile().list()).hasSize(12);
            new TreeDeleter(root, path, 15).remove(root.top(), "d");
        }
        assertThat(directory).isEmptyDirectory();
    }
}
