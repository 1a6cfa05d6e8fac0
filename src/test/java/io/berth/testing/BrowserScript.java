package io.berth.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A script of {@code web-ui/e2e}, which drives a real Chromium in front of a server. What it asks for on a line that begins with
 * {@code ##}, such as that the server be killed, is done by an order of that name; then it goes on.
 */
public final class BrowserScript {

    private static final Duration DEADLINE = Duration.ofMinutes(4);
    private static final String ORDER = "## ";

    private final String name;
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, Runnable> orders = new TreeMap<>();

    /** @param url of the server, without a path */
    public BrowserScript(String name, String url) {
        this.name = name;
        environment.put("BERTH_URL", url);
        String pictures = System.getProperty("test.screenshots");
        if (pictures != null) {
            environment.put("BERTH_SCREENSHOTS", pictures);
        }
    }

    public BrowserScript with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public BrowserScript on(String order, Runnable action) {
        orders.put(order, action);
        return this;
    }

    /** Runs it to its end; fails with all it said if it did. Nothing of it is left, its browser included. */
    public void run() {
        try {
            ProcessBuilder builder = new ProcessBuilder("node", "e2e/" + name)
                    .directory(Path.of("web-ui").toAbsolutePath().toFile())
                    .redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            CompletableFuture<Void> deadline = CompletableFuture.runAsync(
                    () -> end(process), CompletableFuture.delayedExecutor(DEADLINE.toSeconds(), TimeUnit.SECONDS));
            try {
                String said = converse(process);
                assertThat(process.waitFor()).as("%s:\n%s", name, said).isZero();
            } finally {
                deadline.cancel(false);
                end(process);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String converse(Process process) throws IOException {
        StringBuilder said = new StringBuilder();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith(ORDER)) {
                Runnable order = orders.get(line.substring(ORDER.length()));
                Objects.requireNonNull(order, () -> "nobody does '" + said + "'")
                        .run();
                process.getOutputStream().write("done\n".getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().flush();
            }
        }
        return said.toString();
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
