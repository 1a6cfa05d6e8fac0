package io.berth.engine.netns;

import io.berth.engine.GroupId;
import io.berth.engine.HostLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** Which subnet a group had, in a file of the data directory: so that it has the same after a reboot. */
record RememberedSubnets(HostLayout layout) {

    /** Empty if there was none, or nobody can tell. */
    Optional<Ipv4Subnet> find(GroupId group) throws IOException {
        try {
            return Optional.of(Ipv4Subnet.parse(Files.readString(file(group)).strip()));
        } catch (NoSuchFileException | IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    void remember(GroupId group, Ipv4Subnet subnet) throws IOException {
        Path file = file(group);
        Files.createDirectories(file.getParent());
        Path unfinished = file.resolveSibling(".subnet");
        Files.writeString(unfinished, subnet + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    void forget(GroupId group) throws IOException {
        Files.deleteIfExists(file(group));
    }

    private Path file(GroupId group) {
        return layout.groups().resolve(group.value()).resolve("subnet");
    }
}
