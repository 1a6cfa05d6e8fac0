package io.berth.engine.local;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes directories that only Berth itself writes to. A container's own files need the snapshotter's care. */
final class Trees {

    private static final int TRIES = 20;

    private static final SimpleFileVisitor<Path> REMOVER = new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) { // its neighbours may still be there
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            if (failure != null && !(failure instanceof NoSuchFileException)) {
                throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
        }
    };

    private Trees() {}

    /**
     * Removes a directory and what is in it, without following links. Repeatable. Others may remove the same meanwhile, and
     * may have something left to write there, as a monitor that has just been told of its end.
     *
     * @throws DirectoryNotEmptyException if they do not stop writing
     */
    static void remove(Path directory) throws IOException {
        for (int tries = 1; ; tries++) {
            try {
                Files.walkFileTree(directory, REMOVER);
                return;
            } catch (DirectoryNotEmptyException written) {
                if (tries == TRIES) {
                    throw written;
                }
            }
        }
    }
}
