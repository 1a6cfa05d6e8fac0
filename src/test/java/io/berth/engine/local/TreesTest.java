package io.berth.engine.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreesTest {

    private static final int FILES = 3000;

    @TempDir
    Path directory;

    @Test
    void removesWhatIsThereAlsoWhenOthersRemoveSomeOfItMeanwhile() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Path tree = Files.createDirectories(directory.resolve("bundle"));
            Path inside = Files.createDirectories(tree.resolve("s/exit"));
            List<Path> files = new ArrayList<>();
            for (int i = 0; i < FILES; i++) {
                files.add(Files.createFile(inside.resolve("f" + i)));
            }
            Future<?> removal = other.submit(() -> {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
                return null;
            });
            Trees.remove(tree);
            removal.get();
            assertThat(tree).doesNotExist();
        } finally {
            other.shutdown();
        }
    }

    @Test
    void removesWhatIsWrittenOnceMoreMeanwhile() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Path tree = Files.createDirectories(directory.resolve("home"));
            for (int i = 0; i < FILES; i++) {
                Files.createFile(tree.resolve("f" + i));
            }
            Future<?> writer = other.submit(() -> {
                for (int i = 0; Files.exists(tree.resolve("f" + (FILES - 1))); i++) {
                    try {
                        Files.createFile(tree.resolve("late" + i));
                    } catch (IOException gone) {
                        return;
                    }
                }
            });
            Trees.remove(tree);
            writer.get();
            assertThat(tree).doesNotExist();
        } finally {
            other.shutdown();
        }
    }

    @Test
    void hasNothingToDoWhereThereIsNothing() throws IOException {
        Trees.remove(directory.resolve("absent"));
        assertThat(directory).isEmptyDirectory();
    }
}
