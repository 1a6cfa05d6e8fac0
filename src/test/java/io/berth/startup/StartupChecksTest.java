package io.berth.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupChecksTest {

    @TempDir
    Path temporary;

    private Path dataDir;

    @BeforeEach
    void aDataDirectoryAsTheServerMakesIt() throws Exception {
        dataDir = temporary.resolve("data");
        Files.createDirectory(dataDir);
        mode(dataDir, "rwx--x--x");
    }

    @Test
    void findsNothingInTheDefaults() throws Exception {
        assertThat(ids(Map.of())).isEmpty();
        assertThat(StartupChecks.run(config(Map.of()), temporary.resolve("not/there"), Clock.systemUTC()).stream()
                        .filter(f -> f.check() != StartupCheck.VOLATILE_DATA))
                .isEmpty();
    }

    @Test
    void wantsTlsBeforeOthersCanConnect() throws Exception {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1", "server.example")) {
            assertThat(ids(Map.of("quarkus.http.host", host))).as(host).containsExactly("clear-text");
            assertThat(ids(Map.of("quarkus.http.host", host, "berth.http.tls-terminated", "true")))
                    .isEmpty();
        }
        for (String host : List.of("127.0.0.1", "127.1.2.3", "localhost", "::1")) {
            assertThat(ids(Map.of("quarkus.http.host", host))).as(host).isEmpty();
        }
        Map<String, String> tls = Map.of(
                "quarkus.http.host",
                "0.0.0.0",
                "quarkus.tls.key-store.pem.0.cert",
                "c.pem",
                "quarkus.http.insecure-requests",
                "disabled");
        assertThat(ids(tls)).isEmpty();
    }

    @Test
    void findsUnsafeSettings() throws Exception {
        assertThat(ids(Map.of("berth.http.trusted-proxies", "10.0.0.1,0.0.0.0/0")))
                .containsExactly("trusted-proxies");
        assertThat(ids(Map.of("berth.streams.allowed-origins", "*"))).containsExactly("any-origin");
        assertThat(ids(Map.of("quarkus.http.cors.enabled", "true", "quarkus.http.cors.origins", "/.*/")))
                .containsExactly("any-origin");
        assertThat(ids(Map.of("berth.images.insecure-registries", "r.example:5000,127.0.0.1:5000")))
                .containsExactly("insecure-registries");
        assertThat(ids(Map.of("berth.images.insecure-registries", "localhost:5000")))
                .isEmpty();
        assertThat(ids(Map.of("quarkus.oidc.auth-server-url", "https://id.example/realms/x")))
                .containsExactly("embedded-database");
        String url = "jdbc:postgresql://db.example/berth";
        assertThat(ids(Map.of("quarkus.datasource.jdbc.url", url))).containsExactly("database-clear-text");
        assertThat(ids(Map.of("quarkus.datasource.jdbc.url", url + "?sslmode=verify-full")))
                .isEmpty();
        assertThat(ids(Map.of("quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:5/x")))
                .isEmpty();
        assertThat(ids(Map.of("quarkus.log.level", "debug"))).containsExactly("debug-log");
    }

    @Test
    void findsFilesThatOthersCanUse() throws Exception {
        Path token = Files.writeString(dataDir.resolve("admin.token"), "x");
        mode(token, "rw-r--r--");
        Path key = Files.writeString(dataDir.resolve("secret.key"), "x");
        mode(key, "rw-rw----");
        mode(dataDir, "rwxrwxrwx");
        assertThat(ids(Map.of())).containsExactlyInAnyOrder("admin-token", "secret-key", "data-directory");
        mode(token, "rw-------");
        mode(key, "r--------");
        mode(dataDir, "rwx--x--x");
        assertThat(ids(Map.of())).isEmpty();
    }

    @Test
    void findsAClockThatIsBehind() throws Exception {
        Path instance = Files.writeString(dataDir.resolve("instance"), "abcdef");
        Files.setLastModifiedTime(instance, FileTime.from(Instant.now().plusSeconds(3600)));
        assertThat(ids(Map.of())).containsExactly("clock");
    }

    @Test
    void isStoppedBySevereFindingsThatAreNotAllowed() throws Exception {
        Map<String, String> unsafe = Map.of(
                "quarkus.http.host", "0.0.0.0", "berth.streams.allowed-origins", "*", "quarkus.log.level", "DEBUG");
        assertThat(stopping(unsafe)).containsExactly("clear-text", "any-origin");
        assertThat(stopping(with(unsafe, "clear-text"))).containsExactly("any-origin");
        assertThat(stopping(with(unsafe, "clear-text, any-origin"))).isEmpty();
        assertThatThrownBy(() -> stopping(with(unsafe, "everything"))).hasMessageContaining("'everything'");
    }

    @Test
    void isDescribedInTheDocumentation() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("docs/startup-checks.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();
        List<String> expected = Arrays.stream(StartupCheck.values())
                .map(check -> "| `%s` | %s | %s | %s |"
                        .formatted(check.id(), check.severity().wireName(), check.what(), check.why()))
                .toList();
        assertThat(rows).isEqualTo(expected);
    }

    private static Map<String, String> with(Map<String, String> settings, String allowed) {
        Map<String, String> more = new java.util.HashMap<>(settings);
        more.put(StartupChecks.ALLOW, allowed);
        return more;
    }

    private List<String> stopping(Map<String, String> settings) throws IOException {
        Config config = config(settings);
        return StartupChecks.stopping(StartupChecks.run(config, dataDir, Clock.systemUTC()), config).stream()
                .map(finding -> finding.check().id())
                .toList();
    }

    /** What is found, but that the temporary directory may be in memory. */
    private List<String> ids(Map<String, String> settings) throws IOException {
        return StartupChecks.run(config(settings), dataDir, Clock.systemUTC()).stream()
                .filter(finding -> finding.check() != StartupCheck.VOLATILE_DATA)
                .map(finding -> finding.check().id())
                .toList();
    }

    private static Config config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder().withDefaultValues(settings).build();
    }

    private static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
}
