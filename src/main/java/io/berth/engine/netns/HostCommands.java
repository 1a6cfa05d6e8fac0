package io.berth.engine.netns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.common.Subprocess;
import io.berth.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Runs ip(8) and nft(8) in the host's network namespace. Many changes go through one process. */
final class HostCommands {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final List<String> PATH =
            List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> enter;
    private final String ip;
    private final String nft;

    /**
     * @param namespace the host's network namespace
     * @throws EngineException {@code HOST_INCOMPLETE} if a program is missing
     */
    HostCommands(Path namespace) {
        this.enter = namespace.equals(NetworkSettings.Host.OWN) ? List.of() : List.of("nsenter", "--net=" + namespace);
        this.ip = find("ip", "iproute2");
        this.nft = find("nft", "nftables");
    }

    /**
     * Absolute path of a program.
     *
     * @throws EngineException {@code HOST_INCOMPLETE} naming the distribution's package
     */
    static String find(String program, String distributionPackage) {
        return lookFor(program)
                .orElseThrow(() -> new EngineException(
                        EngineException.Reason.HOST_INCOMPLETE,
                        "the program " + program + " is missing: install the package " + distributionPackage));
    }

    /** Absolute path of a program that may be missing. */
    static Optional<String> lookFor(String program) {
        return PATH.stream()
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** Runs lines of ip(8) in order, up to the first that fails. */
    void ip(List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            run(List.of(ip, "-batch", "-"), lines(lines)).orThrow();
        }
    }

    /** Runs every line, whatever becomes of the others: for deleting what may be gone already. */
    void ipForced(List<String> lines) throws IOException {
        if (!lines.isEmpty()) {
            run(List.of(ip, "-force", "-batch", "-"), lines(lines));
        }
    }

    /** One JSON query of ip(8), such as {@code -4 addr}. */
    JsonNode query(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(ip, "-j"));
        command.addAll(List.of(arguments));
        String answer = run(command, "").orThrow().stdout();
        return JSON.readTree(answer.isBlank() ? "[]" : answer);
    }

    /** The tables there are, as {@code inet filter}. */
    Set<String> tables() throws IOException {
        return run(List.of(nft, "list", "tables"), "")
                .orThrow()
                .stdout()
                .lines()
                .map(line -> line.replaceFirst("^table ", ""))
                .collect(Collectors.toSet());
    }

    /** Applies nft(8) commands as one transaction: all of them or none. */
    void nft(String commands) throws IOException {
        run(List.of(nft, "-f", "-"), commands).orThrow();
    }

    private Subprocess.Result run(List<String> command, String input) throws IOException {
        List<String> all = new ArrayList<>(enter);
        all.addAll(command);
        return Subprocess.run(DEADLINE, all, input);
    }

    private static String lines(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
