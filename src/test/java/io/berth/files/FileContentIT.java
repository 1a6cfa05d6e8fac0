package io.berth.files;

import static io.berth.testing.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.berth.images.content.TarBuilder;
import io.berth.images.content.TarEntry;
import io.berth.images.content.TarReader;
import io.berth.testing.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Content of files and archives over HTTP: every verb, every condition, every refusal. */
@QuarkusTest
@TestProfile(FileRequests.Bounded.class)
class FileContentIT extends FileRequests {

    @Test
    void sendsAFileWholeOrInPart() {
        String tag = put("/tmp/f", "0123456789").header("ETag");
        get("/tmp/f")
                .then()
                .statusCode(200)
                .body(equalTo("0123456789"))
                .contentType("application/octet-stream")
                .header("Content-Length", "10")
                .header("Accept-Ranges", "bytes")
                .header("ETag", tag)
                .header("Last-Modified", startsWith(""))
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Disposition", "attachment; filename*=UTF-8''f");
        range("bytes=2-4").then().statusCode(206).body(equalTo("234")).header("Content-Range", "bytes 2-4/10");
        range("bytes=7-").then().statusCode(206).body(equalTo("789")).header("Content-Length", "3");
        range("bytes=-2").then().statusCode(206).body(equalTo("89"));
        range("bytes=0-1,3-4").then().statusCode(200).body(equalTo("0123456789"));
        Response beyond = range("bytes=10-");
        problem(beyond.then(), 416, "range-not-satisfiable");
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */10");
        checked()
                .header("If-None-Match", "\"x\", " + tag)
                .get(container + "/files/content?path=/tmp/f")
                .then()
                .statusCode(304)
                .header("ETag", tag);
        ifRange(tag).then().statusCode(206).body(equalTo("0"));
        ifRange("\"other\"").then().statusCode(200).body(equalTo("0123456789"));
        put("/tmp/empty", "");
        get("/tmp/empty").then().statusCode(200).header("Content-Length", "0");
        checked()
                .header("If-None-Match", "\"x\"")
                .header("If-None-Match", tag)
                .get(container + "/files/content?path=/tmp/f")
                .then()
                .statusCode(304);
        admin().header("Range", "bytes=0-0") // says nothing to any other method
                .head(container + "/files/content?path=/tmp/f")
                .then()
                .statusCode(200)
                .header("ETag", tag);
    }

    private Response range(String range) {
        return checked().header("Range", range).get(container + "/files/content?path=/tmp/f");
    }

    private Response ifRange(String tag) {
        return checked()
                .header("Range", "bytes=0-0")
                .header("If-Range", tag)
                .get(container + "/files/content?path=/tmp/f");
    }

    @Test
    void sendsLargeFilesPieceByPiece() {
        byte[] large = new byte[MOST];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i % 251);
        }
        checked()
                .body(large)
                .contentType("image/png")
                .put(container + "/files/content?path=/tmp/large")
                .then()
                .statusCode(201);
        assertThat(admin().get(container + "/files/content?path=/tmp/large").asByteArray())
                .isEqualTo(large);
    }

    @Test
    void writesAFileUnderConditions() {
        Response made = put("/tmp/f", "one");
        made.then().statusCode(201).header("Location", startsWith("http"));
        admin().get(made.header("Location")).then().statusCode(200).body(equalTo("one"));
        String tag = made.header("ETag");
        problem(write("If-None-Match", "*", "two").then(), 412, "precondition-failed");
        problem(write("If-Match", "\"other\"", "two").then(), 412, "precondition-failed");
        Response second = write("If-Match", tag, "two");
        second.then().statusCode(204);
        assertThat(second.header("ETag")).isNotEqualTo(tag);
        problem(write("If-Match", tag, "three").then(), 412, "precondition-failed");
        get("/tmp/f").then().body(equalTo("two"));
        checked()
                .header("If-None-Match", "*")
                .body(new byte[1])
                .put(container + "/files/content?path=/tmp/fresh")
                .then()
                .statusCode(201);
        checked()
                .header("If-Match", "*")
                .body(new byte[1])
                .put(container + "/files/content?path=/tmp/absent")
                .then()
                .statusCode(412);
        put("/tmp/deep/er/f&parents=true", "x").then().statusCode(201);
        put("/tmp/p%C3%A9%20q", "named").then().statusCode(201);
        get("/tmp/p%C3%A9%20q").then().header("Content-Disposition", "attachment; filename*=UTF-8''p%C3%A9%20q");
    }

    private Response write(String header, String value, String content) {
        return checked()
                .header(header, value)
                .contentType("text/plain")
                .body(content)
                .put(container + "/files/content?path=/tmp/f");
    }

    @Test
    void boundsWhatIsSent() throws Exception {
        byte[] large = new byte[MOST + 1];
        problem(
                checked()
                        .body(large)
                        .put(container + "/files/content?path=/tmp/f")
                        .then(),
                413,
                "too-large");
        assertThat(chunked(large)).isEqualTo(413);
        problem(checked().body(large).put(container + "/archive?path=/tmp").then(), 413, "too-large");
        problem(get("/tmp/f").then(), 404, "file-not-found");
    }

    /** A body whose size is not announced. */
    private int chunked(byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + RestAssured.port + container + "/files/content?path=/tmp/f"))
                .header("Authorization", "Bearer " + Api.token())
                .PUT(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void refusesToWriteOverOtherThings() {
        problem(put("/tmp", "x").then(), 409, "not-a-file");
        problem(get("/etc").then(), 409, "not-a-file");
        problem(put("/etc/passwd/x", "x").then(), 409, "not-a-directory");
        problem(put("/no/f", "x").then(), 404, "file-not-found");
    }

    @Test
    void unpacksAndPacks() throws IOException {
        byte[] tar = new TarBuilder()
                .directory("d/", 0755)
                .file("d/f", "content")
                .symlink("d/l", "f")
                .hardLink("d/h", "d/f")
                .device('3', "d/null", 1, 3)
                .build();
        checked()
                .body(gzip(tar))
                .put(container + "/archive?path=/tmp")
                .then()
                .statusCode(200)
                .body("entries", equalTo(4))
                .body("skipped", equalTo(1));
        byte[] back = checked()
                .get(container + "/archive?path=/tmp/d")
                .then()
                .statusCode(200)
                .contentType("application/x-tar")
                .extract()
                .asByteArray();
        Map<String, String> entries = new TreeMap<>();
        TarReader reader = new TarReader(new ByteArrayInputStream(back), 1 << 20, true);
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.put(
                    entry.name(),
                    entry.type() + entry.linkName() + new String(reader.data().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertThat(entries)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("d/", "DIRECTORY", "d/f", "FILEcontent", "d/h", "FILEcontent", "d/l", "SYMLINKf"));
        problem(checked().get(container + "/archive?path=/no").then(), 404, "file-not-found");
    }

    @Test
    void refusesHostileArchives() throws IOException {
        archive(new TarBuilder().file("../evil", "x").build(), 422, "invalid-archive");
        archive("no tar at all".getBytes(StandardCharsets.UTF_8), 422, "invalid-archive");
        archive(gzip(new byte[2 << 20]), 200, null);
        archive(gzip(new TarBuilder().file("big", 0644, new byte[2 << 20]).build()), 422, "invalid-archive");
        TarBuilder many = new TarBuilder();
        for (int i = 0; i < 21; i++) {
            many.file("f" + i, "");
        }
        archive(many.build(), 422, "invalid-archive");
        // one entry, but as many directories as its name has
        archive(new TarBuilder().file("d/".repeat(25) + "f", "").build(), 422, "invalid-archive");
        archive(new TarBuilder().hardLink("h", "nothing").build(), 404, "file-not-found");
        archive(new TarBuilder().file("/absolute", "x").build(), 200, null);
        get("/tmp/absolute").then().statusCode(200);
        problem(get("/evil").then(), 404, "file-not-found");
        problem(
                checked()
                        .body(new byte[1024])
                        .put(container + "/archive?path=/etc/passwd")
                        .then(),
                409,
                "not-a-directory");
    }

    private void archive(byte[] bytes, int status, @org.jspecify.annotations.Nullable String code) {
        ValidatableResponse response = checked()
                .body(bytes)
                .put(container + "/archive?path=/tmp")
                .then()
                .statusCode(status);
        if (code != null) {
            response.body("code", equalTo(code));
        }
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
