package io.berth.images.content;

import io.berth.images.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Remembers which blob was seen to unpack to which diffID. Without it, an image could name the diffID of another
 * tenant's layer, offer any blob for it, and get the layer.
 */
final class VerifiedLayers {

    /** @param unpackedBytes of the layer's tar */
    record Verified(Digest diffId, long unpackedBytes) {}

    private final Path directory;
    private final Path temporary;

    VerifiedLayers(Path directory, Path temporary) {
        this.directory = directory;
        this.temporary = temporary;
    }

    Optional<Verified> find(Digest blob) throws IOException {
        try {
            String[] fields = Files.readString(path(blob)).strip().split(" ", -1);
            return fields.length == 2
                    ? Optional.of(new Verified(Digest.parse(fields[0]), Long.parseLong(fields[1])))
                    : Optional.empty();
        } catch (NoSuchFileException | IllegalArgumentException unknownOrDamaged) {
            return Optional.empty(); // verified again
        }
    }

    void remember(Digest blob, Verified verified) throws IOException {
        Path file = Files.createTempFile(temporary, "verified-", ".tmp");
        try {
            Files.writeString(file, verified.diffId() + " " + verified.unpackedBytes() + "\n");
            Files.move(file, path(blob), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    void forget(Digest blob) throws IOException {
        Files.deleteIfExists(path(blob));
    }

    private Path path(Digest blob) {
        return directory.resolve(blob.hex());
    }
}
