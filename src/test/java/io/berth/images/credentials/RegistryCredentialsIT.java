package io.berth.images.credentials;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.sun.net.httpserver.HttpServer;
import io.berth.contract.ContractValidator;
import io.berth.images.registry.Credentials;
import io.berth.secrets.SecretBox;
import io.berth.tenants.TenantId;
import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RegistryCredentialsIT.WithRegistry.class)
class RegistryCredentialsIT {

    private static final int PORT = freePort();
    private static final String HOST = "127.0.0.1:" + PORT;
    private static final String REGISTRIES = "/api/v1/tenants/default/registries";
    private static final String USER = "robot-ci";
    private static final String PASSWORD = "pa55-w0rd-of-the-registry";

    /** A registry of this test may be pulled from, though it is on loopback and in the clear. */
    public static final class WithRegistry implements QuarkusTestProfile {
        private final FakeEngineProfile fake = new FakeEngineProfile();

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return fake.getEnabledAlternatives();
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return fake.testResources();
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> config = new HashMap<>(fake.getConfigOverrides());
            config.put("berth.images.allowed-private-registries", HOST);
            config.put("berth.images.insecure-registries", HOST);
            return config;
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    @Inject
    DataSource database;

    @Inject
    RegistryCredentials credentials;

    @Test
    void storesAndForgetsThemAndNeverShowsThem() {
        store(HOST).then().statusCode(200).body("host", equalTo(HOST)).body(not(containsString(USER)));
        ContractValidator contract = new ContractValidator();
        for (String path : List.of(REGISTRIES, REGISTRIES + "/" + HOST)) {
            Response answer = admin().get(path);
            answer.then()
                    .statusCode(200)
                    .body(containsString(HOST))
                    .body(not(containsString(USER)))
                    .body(not(containsString(PASSWORD)));
            contract.check("GET", path, 200, "application/json", answer.asString());
        }
        store("index.docker.io").then().statusCode(200).body("host", equalTo("docker.io"));
        admin().delete(REGISTRIES + "/docker.io").then().statusCode(204);
        admin().delete(REGISTRIES + "/docker.io").then().statusCode(404);
        admin().get(REGISTRIES + "/docker.io").then().statusCode(404);
    }

    @Test
    void refusesWhatCannotBeCredentialsOrARegistry() {
        store("nonsense").then().statusCode(400);
        store("bad_host.example").then().statusCode(400);
        for (String body : List.of(
                "{}",
                "{'username':'a:b','password':'x'}",
                "{'username':'a','password':'x\\n'}",
                "{'username':'a','password':''}",
                "{'username':'a','password':'x','more':1}")) {
            json(body).put(REGISTRIES + "/" + HOST).then().statusCode(400);
        }
    }

    @Test
    void signsInWithThemAndLeavesNoClearSecretAnywhere() throws Exception {
        store(HOST).then().statusCode(200);
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 0);
        registry.createContext("/", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            seen.add(String.valueOf(authorization));
            if (authorization == null) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"r\"");
            }
            exchange.sendResponseHeaders(authorization == null ? 401 : 404, -1);
            exchange.close();
        });
        registry.start();
        try {
            json("{'reference':'" + HOST + "/team/app:1'}")
                    .post("/api/v1/tenants/default/images")
                    .then()
                    .statusCode(404);
            assertThat(seen).containsExactly("null", basic(USER + ":" + PASSWORD));
            seen.clear();
            json("{'reference':'" + HOST + "/team/app:1','credentials':{'username':'once','password':'given'}}")
                    .post("/api/v1/tenants/default/images")
                    .then()
                    .statusCode(404);
            assertThat(seen).containsExactly("null", basic("once:given"));
        } finally {
            registry.stop(0);
        }
        admin().get("/api/v1/tenants/default/audit").then().statusCode(200);
        assertThat(everything())
                .isNotEmpty()
                .noneMatch(value -> value.contains(PASSWORD) || value.contains(USER) || value.contains("given"));
    }

    @Test
    void opensNothingThatWasMovedToAnotherTenantOrHost() throws Exception {
        store(HOST).then().statusCode(200);
        TenantId tenant = TenantId.DEFAULT;
        assertThat(credentials.find(tenant, HOST)).contains(new Credentials(USER, PASSWORD));
        try (Connection connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("insert into registry_credential select tenant, 'elsewhere.example', sealed, created_at,"
                    + " updated_at from registry_credential where host = '" + HOST + "'");
        }
        json("{'reference':'elsewhere.example/team/app'}")
                .post("/api/v1/tenants/default/images")
                .then()
                .statusCode(500)
                .body("code", equalTo("secret-unreadable"))
                .body("detail", containsString("store the secret anew"));
        admin().delete(REGISTRIES + "/elsewhere.example").then().statusCode(204);
    }

    @Test
    void sealsAnewWhenTheKeyIsReplaced() throws Exception {
        store("rotated.example").then().statusCode(200);
        Path file = Path.of(ConfigProvider.getConfig().getValue("berth.data-dir", String.class), "secret.key");
        Path both = Files.createTempDirectory("berth-keys").resolve("secret.key");
        SecretBox.open(both);
        Files.writeString(both, Files.readString(both) + Files.readString(file));
        SecretBox rotated = SecretBox.open(both);
        assertThat(credentials.sealAnew(rotated)).isPositive();
        assertThat(credentials.sealAnew(rotated)).isZero();
        // back again, for the other tests
        Files.writeString(both, Files.readString(file) + Files.readString(both));
        assertThat(credentials.sealAnew(SecretBox.open(both))).isPositive();
        assertThat(credentials.find(TenantId.DEFAULT, "rotated.example")).contains(new Credentials(USER, PASSWORD));
    }

    private static Response store(String host) {
        return json("{'username':'" + USER + "','password':'" + PASSWORD + "'}").put(REGISTRIES + "/" + host);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** Every row of every table, as text and with its bytes read as text. */
    private List<String> everything() throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = database.getConnection();
                var tables = connection.createStatement();
                var names = tables.executeQuery("select table_name from information_schema.tables"
                        + " where table_schema = 'public' and table_type = 'BASE TABLE'")) {
            while (names.next()) {
                try (var statement = connection.createStatement();
                        var rows = statement.executeQuery("select * from \"" + names.getString(1) + "\"")) {
                    while (rows.next()) {
                        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                            byte[] bytes =
                                    rows.getMetaData().getColumnTypeName(i).equals("bytea") ? rows.getBytes(i) : null;
                            values.add(
                                    bytes == null
                                            ? String.valueOf(rows.getString(i))
                                            : new String(bytes, StandardCharsets.ISO_8859_1));
                        }
                    }
                }
            }
        }
        return values;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
