package io.berth.webhooks;

import static io.berth.testing.Api.admin;
import static io.berth.testing.Api.json;

import java.util.List;

/** The default tenant's webhooks, over HTTP. */
final class Hooks {

    static final String HOOKS = "/api/v1/tenants/default/webhooks";

    private Hooks() {}

    /** Makes one that wants {@code thing.*}, and answers its id. */
    static String make(String url) {
        return json("{'url':'" + url + "','types':['thing.*']}")
                .post(HOOKS)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    static void deleteAll() {
        List<String> ids = admin().get(HOOKS + "?limit=200").then().extract().path("items.id");
        ids.forEach(id -> admin().delete(HOOKS + "/" + id).then().statusCode(204));
    }
}
