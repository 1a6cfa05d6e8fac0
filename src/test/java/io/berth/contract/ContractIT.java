package io.berth.contract;

import static io.berth.testing.Api.CONTAINERS;
import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;
import static io.berth.testing.Api.sleeper;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.berth.testing.FakeEngineProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Answers of the running server, problems above all, against the contract. */
@QuarkusTest
@TestProfile(FakeEngineProfile.class)
class ContractIT {

    private final ContractValidator validator = new ContractValidator();

    @Test
    void servesTheContractAsItStands() throws Exception {
        byte[] served =
                given().get("/q/openapi").then().statusCode(200).extract().asByteArray();
        assertThat(served).isEqualTo(Files.readAllBytes(Path.of("openapi.yaml")));
    }

    @Test
    void answersAsTheContractSays() {
        String id = sleeper();
        for (String path : new String[] {
            "/api/v1/me",
            "/api/v1/system/info",
            "/api/v1/system/host",
            "/api/v1/system/host/findings",
            "/api/v1/tenants",
            "/api/v1/tenants/default",
            "/api/v1/tenants/default/quota",
            "/api/v1/tenants/default/usage",
            "/api/v1/tenants/default/usage?groupBy=container",
            "/api/v1/usage",
            CONTAINERS,
            CONTAINERS + "/" + id,
            CONTAINERS + "/" + id + "/stats",
            CONTAINERS + "/" + id + "/processes",
            CONTAINERS + "/" + id + "/changes",
            CONTAINERS + "/no-such",
            "/api/v1/tenants/no-such/containers",
            "/api/v1/operations/no-such",
            "/api/v1/tenants/default/images",
            "/api/v1/tenants/default/images/busybox",
            "/api/v1/tenants/default/events",
            "/api/v1/tenants/default/events?since=x",
            "/api/v1/events",
            "/api/v1/tenants/default/webhooks",
            "/api/v1/tenants/default/webhooks/no-such"
        }) {
            check("GET", path.replaceFirst("\\?.*", ""), admin().get(path));
        }
        check("POST", CONTAINERS, json("{'image':'busybox','nonsense':1}").post(CONTAINERS));
        check(
                "POST",
                CONTAINERS,
                json("{'image':'busybox'}").header("Prefer", "respond-async").post(CONTAINERS));
        check("POST", CONTAINERS + "/" + id + "/stop", admin().post(CONTAINERS + "/" + id + "/stop"));
        check("DELETE", CONTAINERS + "/" + id, admin().delete(CONTAINERS + "/" + id));
    }

    @Test
    void tellsThatNothingLimitsDisks() {
        admin().get("/api/v1/system/info").then().body("engine.features.diskLimits", equalTo("none"));
    }

    @Test
    void answersForWebhooksAsTheContractSays() {
        String hooks = "/api/v1/tenants/default/webhooks";
        check("POST", hooks, json("{'url':'http://127.0.0.1/'}").post(hooks));
        Response made =
                json("{'url':'http://127.0.0.2:9/','types':['container.*']}").post(hooks);
        check("POST", hooks, made);
        String path = hooks + "/" + made.path("id");
        check("PATCH", path, json("{'secret':null}").patch(path));
        check("GET", path, admin().get(path));
        Response ping = admin().post(path + "/ping");
        check("POST", path + "/ping", ping);
        check("GET", path + "/deliveries", admin().get(path + "/deliveries"));
        String delivery = path + "/deliveries/" + ping.path("id");
        check("GET", delivery, admin().get(delivery));
        check("POST", delivery + "/redeliver", admin().post(delivery + "/redeliver"));
        check("GET", hooks, admin().get(hooks));
        check("DELETE", path, admin().delete(path));
    }

    @Test
    void setsAndTriesQuotasAsTheContractSays() {
        String path = "/api/v1/tenants/default/quota";
        check("PUT", path, json("{'containers':0,'policies':{'cpus':'share'}}").put(path));
        check("POST", CONTAINERS, json("{'image':'busybox'}").post(CONTAINERS));
        check("POST", path + "/check", json("{'container':{'image':'busybox'}}").post(path + "/check"));
        check(
                "PATCH",
                path,
                json("{'containers':null,'cpus':1.5,'maxTtl':'1h'}").patch(path));
        check("GET", path, admin().get(path));
        Response tried = json("{'containers':0,'pids':7}").post(path + "/preview");
        check("POST", path + "/preview", tried);
        tried.then().body("pids", equalTo(7));
        admin().get(path).then().body("pids", nullValue());
        problem(json("{'pids':0}").post(path + "/preview"), 400, "validation-failed");
        problem(json("{'cpus':2}").header("If-Match", "\"0\"").put(path), 412, "precondition-failed");
        problem(json("{'unicorns':2}").put(path), 400, "unknown-field");
        problem(json("{'policies':{'unicorns':'share'}}").put(path), 400, "unknown-field");
        problem(json("[]").put(path), 400, "validation-failed");
        problem(admin().contentType("application/json").put(path), 400, "validation-failed");
        for (String bad : new String[] {
            "{'cpus':-1}",
            "{'cpus':1e400}",
            "{'cpus':1e7}",
            "{'cpus':0.0001}",
            "{'cpus':'2'}",
            "{'cpus':0}",
            "{'memory':1}",
            "{'memory':'lots'}",
            "{'memory':-5}",
            "{'memory':1.5}",
            "{'memory':'9999999PiB'}",
            "{'pids':0}",
            "{'pids':1.5}",
            "{'containers':99999999999999999999}",
            "{'maxTtl':'soon'}",
            "{'maxTtl':0}",
            "{'containers':1,'runningContainers':2}",
            "{'cpus':1,'maxContainerCpus':2}",
            "{'policies':{'memory':'reserve'}}",
            "{'policies':{'containers':'share'}}",
            "{'policies':{'cpus':'x'}}",
            "{'policies':7}",
            "{'images':true}"
        }) {
            Response response = json(bad).put(path);
            problem(response, 400, "validation-failed");
            assertThat(response.<java.util.List<String>>path("errors.pointer"))
                    .as(bad)
                    .hasSize(1);
        }
        check("PUT", path, json("{}").put(path));
    }

    @Test
    void refusesRequestsWithoutAGoodToken() {
        for (String path : new String[] {"/api/v1/me", CONTAINERS, "/api/v1/no/such/path"}) {
            given().get(path)
                    .then()
                    .statusCode(401)
                    .contentType("application/problem+json")
                    .header("WWW-Authenticate", startsWith("Bearer"))
                    .body("code", equalTo("unauthenticated"));
        }
        for (String header :
                new String[] {"Bearer berth_" + "x".repeat(43), "Bearer other", "Basic eDp5", "Bearer berth_"}) {
            given().header("Authorization", header).get("/api/v1/me").then().statusCode(401);
        }
        check("GET", "/api/v1/me", given().get("/api/v1/me"));
    }

    @Test
    void explainsWhatIsWrongWithTheRequestItself() {
        problem(admin().get("/api/v1/no/such/path"), 404, "not-found");
        problem(admin().delete("/api/v1/me"), 405, "method-not-allowed");
        problem(admin().accept("image/png").get("/api/v1/me"), 406, "not-acceptable");
        problem(admin().contentType("text/plain").body("x").post(CONTAINERS), 415, "unsupported-media-type");
        problem(json("{'image':").post(CONTAINERS), 400, "bad-request");
        problem(json("[]").post(CONTAINERS), 400, "bad-request");
        problem(json("{'image':'a','image':'b'}").post(CONTAINERS), 400, "bad-request");
        problem(json("{'image':'a'} {}").post(CONTAINERS), 400, "bad-request");
        problem(json("{'image':" + "[".repeat(1500)).post(CONTAINERS), 400, null);
        problem(json("{'image':'a'" + " ".repeat(2 << 20) + "}").post(CONTAINERS), 413, "too-large");
        problem(admin().get(CONTAINERS + "?limit=abc"), 400, "bad-request");
        problem(json("{'image':'a'}").header("Idempotency-Key", "a b").post(CONTAINERS), 400, "bad-request");
        admin().get(CONTAINERS + "/x/wait?timeout=-1")
                .then()
                .statusCode(400)
                .body("errors.pointer", hasItem("?timeout"));
    }

    @Test
    void takesOverAHarmlessRequestIdAndNoOther() {
        admin().header("X-Request-Id", "trace-1").get("/api/v1/no").then().body("requestId", equalTo("trace-1"));
        admin().header("X-Request-Id", "a b<c>").get("/api/v1/me").then().header("X-Request-Id", startsWith("req_"));
    }

    private static void problem(Response response, int status, @Nullable String code) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.header("X-Request-Id")).isNotBlank();
        if (code != null) {
            assertThat(response.<String>path("code")).isEqualTo(code);
        }
    }

    private void check(String method, String path, Response response) {
        String type =
                response.contentType() == null ? "" : response.contentType().split(";", -1)[0];
        validator.check(method, path, response.statusCode(), type, response.asString());
    }
}
