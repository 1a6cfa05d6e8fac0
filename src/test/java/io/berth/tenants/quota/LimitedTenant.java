package io.berth.tenants.quota;

import io.berth.tenants.TenantId;
import io.berth.testing.Api;
import io.berth.testing.Tenants;
import io.berth.testing.Tenants.Made;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.util.List;

/** A tenant with a quota: an administrator sets it, the owner comes up against it. Bodies have single quotes for double ones. */
record LimitedTenant(Made made) {

    /** The members of a container's specification that it cannot do without. */
    static final String SLEEP = "'image':'busybox','command':['sleep','1000']";

    /** One without limits as yet. */
    static LimitedTenant make() {
        return new LimitedTenant(Tenants.make());
    }

    TenantId id() {
        return new TenantId(made.name());
    }

    /** Replaces the quota. */
    ValidatableResponse limit(String quota) {
        return Api.json(quota).put(made.path("/quota")).then().statusCode(200);
    }

    /** Asks whether it would be admitted, and does nothing. */
    ValidatableResponse check(String body) {
        return made.json(body).post(made.path("/quota/check")).then();
    }

    /** What is used now of one resource. */
    JsonPath usage(String resource) {
        return made.owner()
                .get(made.path("/usage"))
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("now." + resource);
    }

    /** Creates and starts a container that sleeps. @param members further ones of its specification */
    ValidatableResponse create(String members) {
        return made.json("{" + SLEEP + "," + members + "}")
                .post(made.path("/containers"))
                .then();
    }

    /** The same without starting it, and answers its id. */
    String createStopped(String name) {
        return made.json("{" + SLEEP + ",'name':'" + name + "'}")
                .post(made.path("/containers?start=false"))
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    ValidatableResponse container(String container) {
        return made.owner().get(containerPath(container)).then();
    }

    ValidatableResponse act(String container, String action) {
        return made.owner().post(containerPath(container) + "/" + action).then();
    }

    ValidatableResponse patch(String container, String body) {
        return made.json(body).patch(containerPath(container)).then();
    }

    ValidatableResponse exec(String container, String members) {
        return made.json("{" + members + "}")
                .post(containerPath(container) + "/execs")
                .then();
    }

    ValidatableResponse deleteExec(String container, String exec) {
        return made.owner().delete(containerPath(container) + "/execs/" + exec).then();
    }

    void delete(String container) {
        made.owner().delete(containerPath(container) + "?force=true");
    }

    void deleteContainers() {
        List<String> ids = made.owner()
                .get(made.path("/containers?limit=200"))
                .then()
                .extract()
                .path("items.id");
        if (ids != null) {
            ids.forEach(this::delete);
        }
    }

    private String containerPath(String container) {
        return made.path("/containers/" + container);
    }
}
