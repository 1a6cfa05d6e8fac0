package io.berth.bench;

import io.berth.common.Directories;
import io.berth.doctor.CleanupMain;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server of the benchmark's own, on a temporary data directory. Both go with the benchmark, and all that the server had
 * on the host: at the end, at a failure, and when it is interrupted.
 */
final class OwnServer implements AutoCloseable {

    private static final long START_SECONDS = 120;
    private static final long STOP_SECONDS = 60;

    private final Path launcher;
    private final Path dataDir;
    private final int port;
    private final Thread atExit = new Thread(this::closeAtExit, "bench-exit");
    private Process process;
    private boolean closed;

    private OwnServer(Path launcher, Path dataDir, int port) throws IOException {
        this.launcher = launcher;
        this.dataDir = dataDir;
        this.port = port;
        this.process = spawn();
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param launcher the script {@code berth}
     */
    static OwnServer start(Path launcher) throws IOException {
        Path dataDir = Files.createTempDirectory(
                "berth-bench", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        Files.setPosixFilePermissions(dataDir, PosixFilePermissions.fromString("rwx--x--x"));
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        OwnServer server = new OwnServer(launcher, dataDir, port);
        Runtime.getRuntime().addShutdownHook(server.atExit);
        try {
            server.awaitAnswer();
            return server;
        } catch (IOException e) {
            try (server) {
                throw e;
            }
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    Path tokenFile() {
        return dataDir.resolve("admin.token");
    }

    Path dataDir() {
        return dataDir;
    }

    long pid() {
        return process.pid();
    }

    /** Stops it and starts it again. Returns milliseconds from its start to its first answer. */
    synchronized double restart() throws IOException {
        if (closed) {
            throw new IOException("the benchmark was interrupted");
        }
        stop();
        long start = System.nanoTime();
        process = spawn();
        awaitAnswer();
        return (System.nanoTime() - start) / 1e6;
    }

    private Process spawn() throws IOException {
        return new ProcessBuilder(List.of(
                        launcher.toString(),
                        "serve",
                        "--no-install",
                        "--stop-containers",
                        "--data-dir",
                        dataDir.toString(),
                        "--http-port",
                        Integer.toString(port)))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(dataDir.resolve("server.log").toFile()))
                .start();
    }

    private void awaitAnswer() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the server did not start:\n" + Files.readString(dataDir.resolve("server.log")));
            }
            pause();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET /q/health/ready HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).endsWith(" 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void stop() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Stops it, and removes what it has on the host and its data. Repeatable. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        stop();
        CleanupMain.clean(dataDir, removed -> {});
        Directories.deleteRecursively(dataDir);
    }

    /** Nobody waits for an exception any more. */
    private void closeAtExit() {
        try {
            close();
        } catch (IOException | RuntimeException e) {
            System.err.println("berth: the benchmark's server is not gone: " + e.getMessage()
                    + "; try ./berth cleanup --data-dir " + dataDir);
        }
    }
}
