package io.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first shell as the README has it: its own command, with this server's address and token. */
@EndToEnd
class ShellE2EIT {

    private final ServerProcess server;
    private final Client client;

    @TempDir
    Path directory;

    ShellE2EIT(ServerProcess server) {
        this.server = server;
        this.client = new Client(server);
    }

    @Test
    void isTheOneOfTheReadme() throws Exception {
        String box = client.json("{'name':'box','image':'busybox','command':['sleep','1000']}")
                .post(Client.CONTAINERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        Path screen = directory.resolve("screen");
        Process shell = new ProcessBuilder("sh", "-c", "exec " + command())
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile())
                .start();
        try (OutputStream keyboard = shell.getOutputStream()) {
            type(keyboard, "echo $((6*7))\n");
            await().until(() -> Files.readString(screen), shown -> shown.contains("\r\n42\r\n"));
            type(keyboard, "exit 3\n");
            assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(shell.exitValue()).isEqualTo(3);
        } finally {
            shell.destroyForcibly();
            client.request().delete(Client.path(box) + "?force=true").then().statusCode(204);
        }
    }

    private String command() throws IOException {
        String command = Files.readAllLines(Path.of("README.md")).stream()
                .filter(line -> line.startsWith("java docs/examples/Shell.java "))
                .findFirst()
                .orElseThrow();
        assertThat(command)
                .contains("http://127.0.0.1:8080 ", "/var/lib/berth/admin.token")
                .endsWith(" box");
        return command.replace("http://127.0.0.1:8080", server.uri("http", "").toString())
                .replace("/var/lib/berth", server.dataDir().toString());
    }

    private static void type(OutputStream keyboard, String text) throws IOException {
        keyboard.write(text.getBytes(StandardCharsets.US_ASCII));
        keyboard.flush();
    }
}
