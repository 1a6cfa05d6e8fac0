package io.berth.engine.syscall;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRemoverTest {

    private final TreeRemover remover = new TreeRemover(new JnrSyscalls());

    @TempDir
    Path directory;

    @Test
    void removesATreeAndNothingBesideIt() throws IOException {
        Path tree = directory.resolve("tree");
        Files.createDirectories(tree.resolve("a/b/c"));
        Files.createDirectories(tree.resolve("a/e"));
        Files.writeString(tree.resolve("a/b/c/file"), "x");
        Files.writeString(tree.resolve("file"), "x");
        Path beside = Files.writeString(directory.resolve("beside"), "x");

        remover.remove(tree);
        remover.remove(tree);

        assertThat(tree).doesNotExist();
        assertThat(beside).exists();
    }

    @Test
    void neverFollowsSymbolicLinks() throws IOException {
        Path kept = Files.createDirectory(directory.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), kept);
        Files.createSymbolicLink(tree.resolve("up"), Path.of(".."));
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("nowhere"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), kept);

        remover.remove(tree);
        remover.remove(link);

        assertThat(tree).doesNotExist();
        assertThat(link).doesNotExist();
        assertThat(kept.resolve("file")).exists();
    }

    @Test
    void removesDirectoriesWithoutWritePermissionOnFilesInside() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Path file = Files.writeString(tree.resolve("file"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

        remover.remove(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void removesATreeDeeperThanAnyPath() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        deepen(tree, 2_500);

        remover.remove(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void removesManyEntriesInOneDirectory() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        for (int i = 0; i < 2_500; i++) {
            Files.createDirectories(tree.resolve("d" + i + "/e"));
        }

        remover.remove(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void copesWithNamesLikeItsOwn() throws IOException {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Files.createDirectories(tree.resolve(".rm-0/.rm-1/.rm-0/deep"));
        Files.createDirectories(tree.resolve(".rm-1/.rm-0"));

        remover.remove(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void nothingHappensWhereThereIsNothing() throws IOException {
        remover.remove(directory.resolve("no/such/tree"));
        assertThat(directory).isEmptyDirectory();
    }

    /** No path is long enough for that depth: a chain is built, and then moved into another's end, again and again. */
    private void deepen(Path tree, int levels) throws IOException {
        int step = 500;
        Path chain = Path.of("d");
        for (int i = 1; i < step; i++) {
            chain = chain.resolve("d");
        }
        Path innermost = directory.resolve("build0");
        Files.createDirectories(innermost.resolve(chain));
        for (int i = 1; i < levels / step; i++) {
            Path outer = directory.resolve("build" + i);
            Files.createDirectories(outer.resolve(chain));
            Files.move(innermost.resolve("d"), outer.resolve(chain).resolve("d"));
            Files.delete(innermost);
            innermost = outer;
        }
        Files.move(innermost.resolve("d"), tree.resolve("d"));
        Files.delete(innermost);
    }
}
