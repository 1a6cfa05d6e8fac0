package io.berth.engine.local;

import static org.awaitility.Awaitility.await;

import io.berth.engine.ContainerId;
import io.berth.engine.GroupId;
import io.berth.engine.ProcessStream;
import io.berth.engine.Received;
import io.berth.engine.ResourceLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the server keeps open for each container, the kernel copies and closes again at each start of a program. */
class DescriptorsIT extends HostedContainers {

    private static final Path OWN = Path.of("/proc/self/fd");

    @Test
    void thereIsOneForEachThatRunsAndAnotherWhileSomebodyListens() throws IOException {
        long before = pidfds();
        // makes namespaces in the background, by processes that have one each
        GroupId group = group(ResourceLimits.UNLIMITED);
        List<ContainerId> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(run(group, ResourceLimits.UNLIMITED, SLEEP));
        }
        await().atMost(SOON).until(() -> pidfds() == before + 4);
        try (ProcessStream stream = host.engine().attach(ids.get(0))) {
            stream.listen(0, new Received());
            await().atMost(SOON).until(() -> pidfds() == before + 5);
            host.engine().attach(ids.get(0)).close();
            await().atMost(SOON).until(() -> pidfds() == before + 5);
        }
        ids.forEach(host.engine()::kill);
        await().atMost(SOON).until(() -> pidfds() == before);
    }

    private static long pidfds() throws IOException {
        try (Stream<Path> all = Files.list(OWN)) {
            return all.filter(DescriptorsIT::isPidfd).count();
        }
    }

    private static boolean isPidfd(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().contains("pidfd");
        } catch (java.nio.file.NoSuchFileException closed) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
