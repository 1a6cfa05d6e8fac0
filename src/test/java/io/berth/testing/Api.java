package io.berth.testing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.berth.engine.FakeEngine;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** Requests as the administrator of the server under test. */
public final class Api {

    public static final String CONTAINERS = "/api/v1/tenants/default/containers";

    private Api() {}

    public static RequestSpecification admin() {
        return given().header("Authorization", "Bearer " + token());
    }

    public static RequestSpecification json(String body) {
        return admin().contentType(ContentType.JSON).body(body.replace('\'', '"'));
    }

    public static String token() {
        Path file = Path.of(ConfigProvider.getConfig().getValue("berth.data-dir", String.class), "admin.token");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a container that sleeps, and returns its id. @param members further ones of its specification, or none */
    public static String sleeper(String... members) {
        return json("{'image':'busybox','command':['sleep','1000']"
                        + (members.length == 0 ? "" : "," + String.join(",", members)) + "}")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** The container as it is now. */
    public static ValidatableResponse container(String id) {
        return admin().get(CONTAINERS + "/" + id).then().statusCode(200);
    }

    /** Deletes the containers of the default tenant, whatever they do. */
    public static void deleteContainers() {
        List<String> ids =
                admin().get(CONTAINERS + "?limit=200").then().extract().path("items.id");
        ids.forEach(id -> admin().delete(CONTAINERS + "/" + id + "?force=true"));
    }

    /** The same, and waits until there is none in the engine. */
    public static void deleteContainers(FakeEngine engine) {
        deleteContainers();
        await().untilAsserted(() -> assertThat(engine.list()).isEmpty());
    }
}
