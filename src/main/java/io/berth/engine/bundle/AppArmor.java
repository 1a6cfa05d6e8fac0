package io.berth.engine.bundle;

import io.berth.common.Subprocess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The AppArmor profile of containers' processes, on a host whose kernel has AppArmor on. Its name is made of its text: a
 * profile that is loaded is the right one, servers that have the same share it, and a newer one takes nothing from the
 * containers that run under the older. It stays loaded until the host is restarted, because what runs under a profile that
 * is removed runs unconfined.
 *
 * @see <a href="https://manpages.debian.org/bookworm/apparmor/apparmor.d.5.en.html">apparmor.d(5)</a>
 */
public final class AppArmor {

    /** The program that compiles profiles and gives them to the kernel. */
    public static final String PARSER = "apparmor_parser";

    public static final String PROFILE;

    private static final String TEXT;
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    static {
        String template = template();
        PROFILE = "berth-container-" + digest(template).substring(0, 8);
        TEXT = template.replace("NAME", PROFILE);
    }

    private final Path enabled;
    private final Path policy;
    private final Optional<Path> parser;

    /**
     * @param sys {@code /sys}
     * @param parser {@value #PARSER}, where it is installed
     */
    public AppArmor(Path sys, Optional<Path> parser) {
        this.enabled = sys.resolve("module/apparmor/parameters/enabled");
        this.policy = sys.resolve("kernel/security/apparmor");
        this.parser = parser;
    }

    /** Whether the kernel has AppArmor on. */
    public boolean isEnabled() throws IOException {
        return Files.exists(enabled) && Files.readString(enabled).startsWith("Y");
    }

    /** Whether the kernel's policy can be seen and changed, through securityfs. */
    public boolean hasPolicy() {
        return Files.exists(policy.resolve("profiles"));
    }

    /** Whether the profile is loaded, and enforced. */
    public boolean isLoaded() throws IOException {
        if (!hasPolicy()) {
            return false;
        }
        try (var profiles = Files.lines(policy.resolve("profiles"))) {
            return profiles.anyMatch((PROFILE + " (enforce)")::equals);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Loads the profile unless it is. Repeatable; the kernel takes it whole or not at all. Blocks for a tenth of a
     * millisecond if it is loaded, for some 100 ms if not.
     *
     * @throws IOException saying why it cannot be loaded
     */
    public void ensureLoaded() throws IOException {
        if (!isLoaded()) {
            load();
        }
    }

    private synchronized void load() throws IOException {
        if (isLoaded()) {
            return;
        }
        if (!hasPolicy()) {
            throw new IOException("securityfs is not mounted");
        }
        parse("--replace");
        if (!isLoaded()) {
            throw new IOException("the kernel does not list the profile " + PROFILE + " after it was loaded");
        }
    }

    /** Has the profile compiled and not loaded. */
    public void check() throws IOException {
        parse("--skip-kernel-load");
    }

    private void parse(String action) throws IOException {
        Path program = parser.orElseThrow(() -> new IOException("the program '" + PARSER + "' is not installed"));
        Subprocess.run(DEADLINE, List.of(program.toString(), "--skip-cache", action), TEXT)
                .orThrow();
    }

    private static String template() {
        try (InputStream resource = AppArmor.class.getResourceAsStream("apparmor.txt")) {
            if (resource == null) {
                throw new IllegalStateException("apparmor.txt is missing from the application");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
