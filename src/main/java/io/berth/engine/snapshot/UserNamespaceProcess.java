package io.berth.engine.snapshot;

import io.berth.engine.EngineException;
import io.berth.engine.EngineException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A short-lived process in a user namespace of its own, made to get hold of the namespace. It copies its input to its
 * output: the first byte that comes back tells that it is in the namespace, the end of its input ends it, also when the
 * server dies.
 */
final class UserNamespaceProcess implements AutoCloseable {

    static final int IDS = 65_536;

    private static final long DEADLINE_SECONDS = 10;

    private final Process process;

    private UserNamespaceProcess(Process process) {
        this.process = process;
    }

    /** Starts it and maps ids 0 to 65535 inside to those from {@code firstId} outside. Blocks some milliseconds. */
    static UserNamespaceProcess start(int firstId) throws IOException {
        Process process = launch();
        UserNamespaceProcess started = new UserNamespaceProcess(process);
        try {
            started.awaitNamespace();
            String map = "0 " + firstId + " " + IDS;
            Files.writeString(started.file("uid_map"), map);
            Files.writeString(started.file("gid_map"), map);
            return started;
        } catch (IOException | RuntimeException failed) {
            started.close();
            throw failed;
        }
    }

    private static Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of("unshare", "--user", "cat"));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new EngineException(
                    Reason.HOST_INCOMPLETE, "cannot start 'unshare': install the package util-linux", e);
        }
    }

    private void awaitNamespace() throws IOException {
        process.getOutputStream().write("\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        CompletableFuture<Integer> echo = CompletableFuture.supplyAsync(this::readByte);
        try {
            if (echo.get(DEADLINE_SECONDS, TimeUnit.SECONDS) == '\n') {
                return;
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no user namespace after " + DEADLINE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making a user namespace", e);
        }
        throw new EngineException(
                Reason.HOST_INCOMPLETE,
                "this host makes no user namespaces: set sysctl user.max_user_namespaces (and"
                        + " kernel.unprivileged_userns_clone, if there is one) above 0");
    }

    private int readByte() {
        try {
            return process.getInputStream().read();
        } catch (IOException e) {
            return -1;
        }
    }

    /** The namespace, for as long as this is open. */
    Path namespace() {
        return file("ns/user");
    }

    private Path file(String name) {
        return Path.of("/proc", Long.toString(process.pid()), name);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
