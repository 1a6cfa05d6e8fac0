package io.berth.common;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Runs a short-lived program: an argument list and never a shell, a deadline, a fixed environment, bounded output. What
 * goes beyond the bound is read and thrown away, so that the program never blocks on a full pipe.
 */
public final class Subprocess {

    private static final int OUTPUT_BOUND = 1 << 20;
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");
    private static final ExecutorService READERS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "subprocess-output");
        thread.setDaemon(true);
        return thread;
    });

    private Subprocess() {}

    /** What a program left. {@code exitCode} is 128 + n when signal n ended it. */
    public record Result(List<String> command, int exitCode, String stdout, String stderr) {

        /**
         * @return this
         * @throws IOException naming the command and what it complained of, if it failed
         */
        public Result orThrow() throws IOException {
            if (exitCode != 0) {
                String said = stderr.isBlank() ? stdout : stderr;
                String tail = said.length() > 2000 ? said.substring(said.length() - 2000) : said;
                throw new IOException(String.join(" ", command) + " exited with " + exitCode + ": " + tail.strip());
            }
            return this;
        }
    }

    /** The environment of every program the server starts. */
    public static Map<String, String> environment() {
        return ENVIRONMENT;
    }

    public static Result run(Duration deadline, List<String> command) throws IOException {
        return run(deadline, command, "");
    }

    /**
     * Runs a program to its end.
     *
     * @param input given to its standard input
     * @throws IOException if it cannot be started, or was killed at the deadline
     */
    public static Result run(Duration deadline, List<String> command, String input) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        CompletableFuture<String> stdout = CompletableFuture.supplyAsync(() -> read(process.getInputStream()), READERS);
        CompletableFuture<String> stderr = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()), READERS);
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException endedEarly) {
            // it did not want all its input; its exit code tells
        }
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " did not end within " + deadline);
            }
            return new Result(List.copyOf(command), process.exitValue(), stdout.join(), stderr.join());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while running " + command.get(0), e);
        }
    }

    private static String read(InputStream stream) {
        try (stream) {
            byte[] kept = stream.readNBytes(OUTPUT_BOUND);
            stream.transferTo(java.io.OutputStream.nullOutputStream());
            return new String(kept, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
