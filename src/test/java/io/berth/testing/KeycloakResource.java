package io.berth.testing;

import static io.restassured.RestAssured.given;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.restassured.specification.RequestSpecification;
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
import java.nio.file.StandardCopyOption;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Keycloak with the realm of {@code docs/keycloak}, on loopback, and the configuration that makes Berth use it. Maven has unpacked
 * its distribution below {@code target/keycloak} ({@code mvn pre-integration-test}).
 */
public final class KeycloakResource implements QuarkusTestResourceLifecycleManager {

    private static final String ADMINISTRATOR = "admin";

    private static final Duration START = Duration.ofMinutes(5);

    private @Nullable Process process;

    @Override
    public Map<String, String> start() {
        try {
            Path home = home();
            Path realm = home.resolve("data/import/realm-berth.json");
            Files.createDirectories(realm.getParent());
            Files.copy(Path.of("docs/keycloak/realm-berth.json"), realm, StandardCopyOption.REPLACE_EXISTING);
            int port = freePort();
            Path log = home.resolve("keycloak.log");
            process = launch(home, port, log);
            String url = "http://127.0.0.1:" + port;
            awaitReady(URI.create(url + "/realms/berth/.well-known/openid-configuration"), log);
            return Map.of(
                    "test.keycloak.url",
                    url,
                    "test.keycloak.key",
                    addKey(url),
                    "berth.oidc.issuer",
                    url + "/realms/berth",
                    "berth.oidc.client-secret",
                    "berth-secret",
                    "berth.oidc.rules",
                    "group:/berth/{tenant}/{role},role:berth-admin=>admin,client-role:auditor=>default:viewer,org:{tenant}=>member");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a key to those that the realm publishes and does not sign with; returns it in PKCS #8. */
    private static String addKey(String url) {
        String key;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            key = Base64.getEncoder()
                    .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        Map<String, ?> settings = Map.of(
                "privateKey", List.of(key),
                "enabled", List.of("true"),
                "active", List.of("false"),
                "priority", List.of("0"),
                "algorithm", List.of("RS256"));
        administrator(url)
                .contentType("application/json")
                .body(Map.of(
                        "name", "test",
                        "providerId", "rsa",
                        "providerType", "org.keycloak.keys.KeyProvider",
                        "config", settings))
                .post(url + "/admin/realms/berth/components")
                .then()
                .statusCode(201);
        return key;
    }

    /** Requests as Keycloak's administrator. */
    public static RequestSpecification administrator(String url) {
        String token = given().formParams(Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        ADMINISTRATOR,
                        "password",
                        ADMINISTRATOR))
                .post(url + "/realms/master/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        return given().header("Authorization", "Bearer " + token);
    }

    private static Path home() throws IOException {
        Path unpacked = Path.of("target/keycloak").toAbsolutePath();
        try (Stream<Path> found = Files.list(unpacked)) {
            return found.filter(path -> path.getFileName().toString().startsWith("keycloak-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Process launch(Path home, int port, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh",
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--import-realm",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port,
                        "--db=dev-mem",
                        "--cache=local")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "KC_BOOTSTRAP_ADMIN_USERNAME",
                        ADMINISTRATOR,
                        "KC_BOOTSTRAP_ADMIN_PASSWORD",
                        ADMINISTRATOR,
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "JAVA_OPTS_KC_HEAP",
                        "-Xms64m -Xmx384m -XX:TieredStopAtLevel=1"));
        return builder.start();
    }

    private void awaitReady(URI uri, Path log) throws IOException {
        HttpClient http = HttpClient.newHttpClient();
        Instant deadline = Instant.now().plus(START);
        while (!answers(http, uri)) {
            if (process == null || !process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("Keycloak does not start:\n" + Files.readString(log));
            }
            sleep();
        }
    }

    private static boolean answers(HttpClient http, URI uri) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void stop() {
        Process running = process;
        if (running != null) {
            List<ProcessHandle> all = Stream.concat(running.descendants(), Stream.of(running.toHandle()))
                    .toList();
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
