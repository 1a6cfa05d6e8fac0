package io.berth.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of the built console, from the class path; none if the server was built without. What was read once is kept:
 * there are as many as the build made, some 200 KB compressed.
 */
@ApplicationScoped
class ConsoleFiles {

    private static final String FOLDER = "/console/";
    private static final String INDEX = "index.html";
    /** What a build makes, and nothing that leads elsewhere. */
    private static final Pattern NAME =
            Pattern.compile("(assets/)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.(js|css|svg|html)");

    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "html", "text/html; charset=utf-8");

    private final Map<String, ConsoleFile> read = new ConcurrentHashMap<>();

    /** The page of the console, the same for all of its routes. Reads a file the first time. */
    Optional<ConsoleFile> page() {
        return find(INDEX);
    }

    /** @param name relative to the console's folder; reads a file the first time */
    Optional<ConsoleFile> find(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return Optional.ofNullable(read.computeIfAbsent(name, ConsoleFiles::load));
    }

    private static @Nullable ConsoleFile load(String name) {
        byte[] plain = bytes(name);
        if (plain == null) {
            return null;
        }
        String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
        return ConsoleFile.of(plain, bytes(name + ".gz"), type);
    }

    private static byte @Nullable [] bytes(String name) {
        try (InputStream stream = ConsoleFiles.class.getResourceAsStream(FOLDER + name)) {
            return stream == null ? null : stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
