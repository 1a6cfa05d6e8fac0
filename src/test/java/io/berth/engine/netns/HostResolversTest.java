package io.berth.engine.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostResolversTest {

    @TempDir
    Path directory;

    @Test
    void readsAtMostThreeThatContainersReach() throws IOException {
        assertThat(resolvers("""
                        # nameserver 192.0.2.9
                        search example
                        nameserver 127.0.0.53
                        nameserver 192.0.2.1
                          nameserver\t192.0.2.2 # second
                        nameserver fe80::1%eth0
                        nameserver 999.0.0.1
                        nameserver 192.0.2.3
                        nameserver 192.0.2.4
                        """, "nameserver 198.51.100.1\n")).containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3");
    }

    @Test
    void asksForWhatIsBehindALoopbackResolver() throws IOException {
        assertThat(resolvers("nameserver 127.0.0.53\n", "nameserver 198.51.100.1\n"))
                .containsExactly("198.51.100.1");
    }

    @Test
    void hasNoneIfThereIsNone() throws IOException {
        assertThat(resolvers("", "nameserver ::1\n")).isEmpty();
        assertThat(new HostResolvers(List.of(directory.resolve("missing"))).resolvers())
                .isEmpty();
    }

    private List<String> resolvers(String first, String second) throws IOException {
        Path one = Files.writeString(directory.resolve("one"), first);
        Path two = Files.writeString(directory.resolve("two"), second);
        return new HostResolvers(List.of(one, two)).resolvers();
    }
}
