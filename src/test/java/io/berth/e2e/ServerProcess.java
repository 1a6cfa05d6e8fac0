package io.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.common.Directories;
import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The packaged server as a child process on a data directory and a port of its own. It can be killed and started again;
 * closing it removes everything of it, and fails if anything is left on the host.
 */
final class ServerProcess implements AutoCloseable {

    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
    private static final Path JAR = Path.of(System.getProperty("test.app", "target/quarkus-app"), "quarkus-run.jar");
    private static final Path RUN_ROOT = Path.of("/run/berth");
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Path home;
    private final Path dataDir;
    private final Path log;
    private final int port;
    private final Map<String, String> environment = new TreeMap<>();
    private @Nullable Process process;
    private boolean ownDisk;

    private ServerProcess(Path home, Path dataDir, Path log) {
        this.home = home;
        this.dataDir = dataDir;
        this.log = log;
        this.port = freePort();
    }

    /** A server that is not started yet, on a data directory that does not exist yet. */
    static ServerProcess create() {
        try {
            Path home = Files.createTempDirectory("berth-e2e-");
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx--x--x"));
            return new ServerProcess(home, home.resolve("data"), home.resolve("server.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with a disk of its own for the data directory, which is small. */
    static ServerProcess onDiskOf(int mebibytes) {
        ServerProcess server = create();
        try {
            Files.createDirectory(server.dataDir);
            run("mount", "-t", "tmpfs", "-o", "mode=0711,size=" + mebibytes + "m", "tmpfs", server.dataDir.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.ownDisk = true;
        return server;
    }

    private static void run(String... command) throws IOException {
        Subprocess.run(Duration.ofSeconds(60), List.of(command)).orThrow();
    }

    /** Another server on the same data directory, with a port and a log of its own; never to be closed. */
    ServerProcess rival() {
        return new ServerProcess(home, dataDir, home.resolve("rival.log"));
    }

    ServerProcess with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts it and waits until it is ready; if it ends before that, fails with what it said. */
    ServerProcess start() {
        Process started = spawn();
        try {
            await().atMost(START).pollInterval(Duration.ofMillis(50)).until(() -> !started.isAlive() || isReady());
        } catch (RuntimeException e) {
            throw new AssertionError("the server is not ready after " + START + ":\n" + log(), e);
        }
        if (!started.isAlive()) {
            throw new AssertionError("the server ended with " + started.exitValue() + ":\n" + log());
        }
        return this;
    }

    private Process spawn() {
        List<String> command = List.of(
                JAVA.toString(),
                // as the launcher starts it
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:CompileThresholdScaling=0.5",
                "-Xmx512m",
                "-Djdk.lang.Process.launchMechanism=VFORK",
                "-jar",
                JAR.toAbsolutePath().toString());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("BERTH_") || name.startsWith("QUARKUS_"));
        builder.environment().put("BERTH_DATA_DIR", dataDir.toString());
        builder.environment().put("BERTH_HTTP_PORT", Integer.toString(port));
        builder.environment().put("BERTH_RUN_ROOT", RUN_ROOT.toString());
        builder.environment().putAll(environment);
        try {
            Process started = builder.start();
            process = started;
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it and waits for its end, which is expected. */
    int runToItsEnd() {
        return awaitEnd(spawn(), START);
    }

    private boolean isReady() {
        HttpRequest request = HttpRequest.newBuilder(uri("http", "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGKILL, as a crash of the server. */
    void kill9() {
        awaitEnd(running().destroyForcibly(), STOP);
    }

    /** SIGTERM, as a service manager sends it, and the orderly end. */
    void stop() {
        Process stopped = running();
        stopped.destroy();
        assertThat(awaitEnd(stopped, STOP)).as("exit code after SIGTERM").isEqualTo(128 + 15);
    }

    void restart() {
        stop();
        start();
    }

    private Process running() {
        Process running = process;
        if (running == null || !running.isAlive()) {
            throw new IllegalStateException("the server does not run:\n" + log());
        }
        return running;
    }

    private static int awaitEnd(Process ended, Duration deadline) {
        try {
            if (!ended.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                ended.destroyForcibly();
                throw new AssertionError("the server did not end within " + deadline);
            }
            return ended.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** @param scheme {@code http} or {@code ws} */
    URI uri(String scheme, String pathAndQuery) {
        return URI.create(scheme + "://127.0.0.1:" + port + pathAndQuery);
    }

    int port() {
        return port;
    }

    long pid() {
        return running().pid();
    }

    Path dataDir() {
        return dataDir;
    }

    String token() {
        return read(dataDir.resolve("admin.token")).strip();
    }

    String log() {
        return Files.exists(log) ? read(log) : "";
    }

    HostLayout layout() {
        String instance = read(dataDir.resolve("instance")).strip();
        return new HostLayout(dataDir, RUN_ROOT.resolve(instance), instance);
    }

    HostTraces traces() {
        return new HostTraces(layout());
    }

    /** Ends the server, removes its instance from the host as an administrator would, and looks for what is left. */
    @Override
    public void close() {
        try {
            if (process != null && process.isAlive()) {
                stop();
            }
            if (Files.exists(dataDir.resolve("instance"))) {
                HostTraces traces = traces();
                Subprocess.run(
                                Duration.ofSeconds(60),
                                List.of(
                                        JAVA.toString(),
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        JAR.toAbsolutePath().toString(),
                                        "io.berth.doctor.CleanupMain",
                                        "--data-dir",
                                        dataDir.toString()))
                        .orThrow();
                assertThat(traces.all())
                        .as("left on the host; the server said:\n%s", log())
                        .isEmpty();
            }
            if (ownDisk) {
                run("umount", dataDir.toString());
            }
            Directories.deleteRecursively(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
