package io.berth.e2e;

import static io.berth.e2e.Client.CONTAINERS;
import static io.berth.e2e.Client.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.berth.common.Subprocess;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Files of real containers over HTTP. */
@EndToEnd
class FilesE2EIT {

    private static final int LARGE_MIB = 64;

    private final ServerProcess server;
    private final Client client;

    FilesE2EIT(ServerProcess server) {
        this.server = server;
        this.client = new Client(server);
    }

    @AfterEach
    void deleteAllAndFindNothingOfThemOnTheHost() {
        client.deleteAll();
        await().untilAsserted(() -> assertThat(server.traces().containers()).isEmpty());
    }

    private static String content(String id, String file) {
        return path(id, "files", "content") + "?path=" + file;
    }

    private void put(String id, String file, String text) {
        client.request()
                .contentType("text/plain")
                .body(text)
                .put(content(id, file))
                .then()
                .statusCode(201);
    }

    @Test
    void sharesFilesWithTheProcessesOfTheContainer() {
        String id = client.sleeper();
        put(id, "/srv/app.conf&parents=true&mode=640&uid=1000&gid=50", "answer=42\n");
        assertThat(client.exec(id, "cat /srv/app.conf; stat -c %a:%u:%g /srv/app.conf /srv"))
                .isEqualTo("answer=42\n640:1000:50\n755:0:0\n");
        client.exec(id, "echo inside > /srv/made; chown 7:8 /srv/made; ln -s made /srv/link");
        client.get(content(id, "/srv/link")).then().statusCode(200).body(equalTo("inside\n"));
        client.get(path(id, "files") + "?path=/srv")
                .then()
                .statusCode(200)
                .body("entries.name", equalTo(List.of("app.conf", "link", "made")))
                .body("entries.uid", equalTo(List.of(1000, 0, 7)))
                .body("entries[1].linkTarget", equalTo("made"));
        client.get(path(id, "files") + "?path=/proc").then().statusCode(409).body("code", equalTo("file-out-of-reach"));
        client.request().body("x").put(content(id, "/dev/shm/f")).then().statusCode(409);
        client.post(path(id, "stop") + "?timeout=0").then().statusCode(200);
        client.get(content(id, "/srv/made")).then().statusCode(200).body(equalTo("inside\n"));
        put(id, "/srv/later", "written while it was stopped");
        client.post(path(id, "start")).then().statusCode(200);
        assertThat(client.exec(id, "cat /srv/later")).isEqualTo("written while it was stopped");
        client.get(path(id, "files") + "?path=/").then().statusCode(200).body("entries.name", hasItem("proc"));
    }

    @Test
    void carriesATreeFromOneContainerToAnother() throws IOException {
        String from = client.sleeper();
        String to = client.run("exit 0");
        client.await(to, "stopped");
        client.exec(
                from,
                "mkdir -p /data/d; echo one > /data/d/f; ln -s d/f /data/l; chown -R 9:9 /data; chmod 4755 /data/d/f");
        byte[] tar = client.get(path(from, "archive") + "?path=/data").asByteArray();
        Path file = Files.createTempFile("berth-files-", ".tar");
        try {
            Files.write(file, tar);
            String listed = Subprocess.run(
                            Duration.ofSeconds(10), List.of("tar", "--numeric-owner", "-tvf", file.toString()))
                    .orThrow()
                    .stdout();
            assertThat(listed).contains("-rwsr-xr-x 9/9").contains("data/l -> d/f");
        } finally {
            Files.delete(file);
        }
        client.request()
                .body(tar)
                .put(path(to, "archive") + "?path=/")
                .then()
                .statusCode(200)
                .body("entries", equalTo(4));
        byte[] again = client.get(path(to, "archive") + "?path=/data").asByteArray();
        assertThat(again.length).isEqualTo(tar.length);
        client.get(content(to, "/data/l")).then().statusCode(200).body(equalTo("one\n"));
    }

    @Test
    void sendsALargeFileAsItIsTaken() throws IOException {
        String id = client.sleeper();
        client.exec(id, "dd if=/dev/zero of=/large bs=1M count=" + LARGE_MIB);
        long size;
        try (InputStream body = client.get(content(id, "/large")).asInputStream()) {
            size = body.transferTo(java.io.OutputStream.nullOutputStream());
        }
        assertThat(size).isEqualTo((long) LARGE_MIB << 20);
        client.request()
                .header("Range", "bytes=-5")
                .get(content(id, "/large"))
                .then()
                .statusCode(206)
                .header("Content-Length", "5");
    }

    @Test
    void letsGoOfAFileWhenItsClientLeaves() throws IOException {
        String id = client.sleeper();
        client.exec(id, "dd if=/dev/zero of=/large bs=1M count=" + LARGE_MIB);
        for (String what : List.of("/files/content?path=/large", "/archive?path=/large")) {
            try (Socket socket = new Socket("127.0.0.1", server.port())) {
                socket.getOutputStream()
                        .write(("GET " + CONTAINERS + "/" + id + what
                                        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + server.token()
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
                await().untilAsserted(() -> assertThat(openLarge()).as(what).isPositive());
            }
            await().untilAsserted(() -> assertThat(openLarge()).as(what).isZero());
        }
    }

    private long openLarge() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
            return descriptors.filter(FilesE2EIT::isLarge).count();
        }
    }

    private static boolean isLarge(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().endsWith("/large");
        } catch (IOException closed) {
            return false;
        }
    }
}
