package io.berth.files;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.Api;
import io.berth.testing.Tenants;
import io.berth.testing.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

/** Directories and names over HTTP, who may use them, and what the audit says. */
@QuarkusTest
@TestProfile(FileRequests.Bounded.class)
class FilesIT extends FileRequests {

    @Test
    void listsADirectoryAndTellsOfAnEntry() {
        put("/tmp/b", "12345").then().statusCode(201);
        put("/tmp/a&mode=600&uid=5&gid=6", "").then().statusCode(201);
        checked()
                .get(container + "/files?path=/tmp/")
                .then()
                .statusCode(200)
                .body("path", equalTo("/tmp"))
                .body("type", equalTo("directory"))
                .body("entries.name", contains("a", "b"))
                .body("entries.mode", contains("0600", "0644"))
                .body("entries.uid", contains(5, 0))
                .body("entries[1].size", equalTo(5))
                .body("truncated", equalTo(false));
        checked()
                .get(container + "/files?path=/tmp&stat=true")
                .then()
                .statusCode(200)
                .body("name", equalTo("tmp"))
                .body("entries", equalTo(null));
        checked().get(container + "/files?path=/tmp/b").then().statusCode(200).body("type", equalTo("file"));
        checked().get(container + "/files?path=/").then().statusCode(200).body("entries.name", hasItem("etc"));
    }

    @Test
    void refusesPathsThatAreNone() {
        for (String path : new String[] {"", "etc", "/a/../b", "/" + "x".repeat(256)}) {
            checked()
                    .queryParam("path", path)
                    .get(container + "/files")
                    .then()
                    .statusCode(400)
                    .body("errors.pointer", contains("?path"));
        }
        problem(checked().get(container + "/files").then(), 400, "validation-failed");
        problem(checked().get(container + "/files?path=/no").then(), 404, "file-not-found");
        problem(checked().get(CONTAINERS + "/no-such/files?path=/").then(), 404, "container-not-found");
        problem(put("/tmp/f&mode=4755", "").then(), 400, "validation-failed");
        problem(put("/tmp/f&uid=65536", "").then(), 400, "validation-failed");
        problem(put("/tmp/f&gid=x", "").then(), 400, "bad-request");
    }

    @Test
    void makesMovesAndDeletes() {
        json("{'path':'/tmp/d','mode':'0700','uid':7}")
                .post(container + "/files/directories")
                .then()
                .statusCode(201)
                .header("Location", startsWith("http"))
                .body("mode", equalTo("0700"))
                .body("uid", equalTo(7));
        problem(json("{'path':'/tmp/d'}").post(container + "/files/directories").then(), 409, "file-exists");
        problem(json("{'path':'/x/y'}").post(container + "/files/directories").then(), 404, "file-not-found");
        problem(json("{'path':'x'}").post(container + "/files/directories").then(), 400, "validation-failed");
        problem(json("{'nonsense':1}").post(container + "/files/directories").then(), 400, "unknown-field");
        problem(
                json("{'path':'/m','mode':'9'}")
                        .post(container + "/files/directories")
                        .then(),
                400,
                "validation-failed");
        json("{'path':'/x/y','parents':true}")
                .post(container + "/files/directories")
                .then()
                .statusCode(201);
        put("/tmp/d/f", "f");
        put("/tmp/g", "g");
        problem(move("/tmp/d/f", "/tmp/g", false).then(), 409, "file-exists");
        move("/tmp/d/f", "/tmp/g", true).then().statusCode(204);
        get("/tmp/g").then().body(equalTo("f"));
        problem(move("/tmp/d", "/tmp/d/e", false).then(), 400, "bad-request");
        problem(move("/tmp/no", "/tmp/e", false).then(), 404, "file-not-found");
        put("/tmp/d/h", "");
        problem(delete("/tmp/d").then(), 409, "directory-not-empty");
        delete("/tmp/d&recursive=true").then().statusCode(204);
        problem(delete("/tmp/d").then(), 404, "file-not-found");
        problem(delete("/&recursive=true").then(), 400, "bad-request");
        delete("/tmp/g").then().statusCode(204);
    }

    private Response move(String from, String to, boolean overwrite) {
        return json("{'from':'" + from + "','to':'" + to + "','overwrite':" + overwrite + "}")
                .post(container + "/files/moves");
    }

    private Response delete(String path) {
        return checked().delete(container + "/files?path=" + path);
    }

    @Test
    void worksOnStoppedContainersAndNotOnReadOnlyOnes() {
        put("/tmp/f", "kept");
        Api.json("{}").post(container + "/kill").then().statusCode(200);
        get("/tmp/f").then().statusCode(200).body(equalTo("kept"));
        put("/tmp/f", "more").then().statusCode(204);
        String readOnly = CONTAINERS + "/"
                + Api.json("{'image':'busybox','command':['sleep','9'],'readOnlyRootfs':true}")
                        .post(CONTAINERS)
                        .path("id");
        problem(checked().body("x").put(readOnly + "/files/content?path=/tmp/f").then(), 409, "file-system-read-only");
        admin().delete(readOnly + "?force=true");
    }

    @Test
    void letsViewersLookAndNoMore() {
        String viewer = TestTokens.of("default", "VIEWER");
        checked(TestTokens.as(viewer))
                .get(container + "/files?path=/etc")
                .then()
                .statusCode(200);
        problem(
                checked(TestTokens.as(viewer))
                        .get(container + "/files/content?path=/etc/passwd")
                        .then(),
                403,
                "forbidden");
        problem(
                checked(TestTokens.as(viewer))
                        .get(container + "/archive?path=/etc")
                        .then(),
                403,
                "forbidden");
        problem(
                checked(TestTokens.as(viewer))
                        .delete(container + "/files?path=/etc")
                        .then(),
                403,
                "forbidden");
        Tenants.Made other = Tenants.make();
        problem(
                checked(other.owner())
                        .get(other.path("/containers/" + id + "/files?path=/etc"))
                        .then(),
                404,
                "container-not-found");
        problem(checked(other.owner()).get(container + "/files?path=/etc").then(), 404, "tenant-not-found");
        Api.json("{'suspended':true}")
                .patch("/api/v1/tenants/" + other.name())
                .then()
                .statusCode(200);
        problem(
                checked(other.owner())
                        .body("x")
                        .put(other.path("/containers/x/files/content?path=/f"))
                        .then(),
                403,
                "tenant-suspended");
    }

    @Test
    void recordsThePathOfEveryChange() {
        put("/tmp/audited", "x");
        assertThat(audited("path")).isEqualTo("/tmp/audited");
        delete("/tmp/not-there");
        assertThat(audited("path")).isEqualTo("/tmp/not-there");
        move("/tmp/audited", "/tmp/other", false);
        assertThat(audited("path")).isEqualTo("/tmp/audited");
        assertThat(audited("to")).isEqualTo("/tmp/other");
        json("{'path':'/tmp/made'}").post(container + "/files/directories");
        assertThat(audited("path")).isEqualTo("/tmp/made");
    }

    private String audited(String detail) {
        return admin().get("/api/v1/tenants/default/audit?limit=1&object=" + id).path("items[0].details." + detail);
    }
}
