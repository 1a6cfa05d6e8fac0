package io.berth.engine.netns;

import io.berth.engine.GroupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Who has which address, one file per owner, so that the mapping outlives the server. A file is whole or absent. */
final class OwnerFiles {

    private static final String UNFINISHED = ".new-";

    private final Path directory;

    OwnerFiles(Path directory) {
        this.directory = directory;
    }

    /** What an owner holds. */
    record Lease(GroupId group, int address) {}

    void write(String owner, Lease lease) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED + owner);
        try {
            Files.writeString(unfinished, lease.group() + " " + Ipv4Subnet.format(lease.address()) + "\n");
            Files.move(unfinished, directory.resolve(owner), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
    }

    void delete(String owner) throws IOException {
        Files.deleteIfExists(directory.resolve(owner));
    }

    /** All leases; removes files that are none. Makes the directory if need be. */
    Map<String, Lease> load() throws IOException {
        Files.createDirectories(directory);
        Map<String, Lease> leases = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String owner = file.getFileName().toString();
                try {
                    String[] words = Files.readString(file).strip().split(" ", -1);
                    if (!owner.startsWith(".") && words.length == 2) {
                        leases.put(
                                owner,
                                new Lease(
                                        new GroupId(words[0]),
                                        Ipv4Subnet.parse(words[1]).base()));
                        continue;
                    }
                } catch (IllegalArgumentException notALease) {
                    // below
                } catch (NoSuchFileException goneMeanwhile) {
                    continue;
                }
                Files.deleteIfExists(file);
            }
        }
        return leases;
    }
}
