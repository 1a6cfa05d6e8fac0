package io.berth.engine.netns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The name servers the host uses, for containers' {@code resolv.conf}. One on the host's loopback is of no use to a
 * container; systemd-resolved lists the ones behind its own in a second file.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/resolv.conf.5.html">resolv.conf(5)</a>
 */
public final class HostResolvers {

    private static final int MOST = 3; // what resolvers of the C library read

    private final List<Path> files;

    public HostResolvers() {
        this(List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf")));
    }

    HostResolvers(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /**
     * IPv4 addresses of at most three name servers that a container can reach, in order; read anew each time.
     *
     * @return empty if the host has none but loopback ones: what containers then use is for the caller to decide
     */
    public List<String> resolvers() {
        for (Path file : files) {
            List<String> found = read(file);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private static List<String> read(Path file) {
        List<String> found = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines.limit(1000)::iterator) {
                String[] words = line.strip().split("\\s+", 3);
                if (words.length >= 2
                        && words[0].equals("nameserver")
                        && isReachable(words[1])
                        && found.size() < MOST) {
                    found.add(words[1]);
                }
            }
        } catch (IOException | UncheckedIOException unreadable) {
            return List.of();
        }
        return found;
    }

    private static boolean isReachable(String address) {
        try {
            Ipv4Subnet parsed = Ipv4Subnet.parse(address);
            return parsed.prefixLength() == 32
                    && parsed.base() != 0
                    && !Ipv4Subnet.parse("127.0.0.0/8").contains(parsed.base());
        } catch (IllegalArgumentException notIpv4) {
            return false;
        }
    }
}
