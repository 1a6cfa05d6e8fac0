package io.berth.testing;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
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

    /** Makes a container that sleeps, and returns its id. */
    public static String sleeper() {
        return json("{'image':'busybox','command':['sleep','1000']}")
                .post(CONTAINERS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    /** Deletes the containers of the default tenant, whatever they do. */
    public static void deleteContainers() {
        List<String> ids =
                admin().get(CONTAINERS + "?limit=200").then().extract().path("items.id");
        ids.forEach(id -> admin().delete(CONTAINERS + "/" + id + "?force=true"));
    }
}
