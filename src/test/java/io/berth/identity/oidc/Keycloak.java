package io.berth.identity.oidc;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.berth.testing.KeycloakResource;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;

/** A Keycloak as its users and its administrator see it. */
record Keycloak(String url) {

    private static final String REALM = "/admin/realms/berth";

    /** An access token of a user, by the client {@code service}. */
    String token(String user) {
        return token(url, user, "service");
    }

    /** @param address under which Keycloak is asked, which becomes the issuer */
    static String token(String address, String user, String client) {
        return field(address, user, client, "access_token");
    }

    String idToken(String user) {
        return field(url, user, "service", "id_token");
    }

    private static String field(String address, String user, String client, String field) {
        return given().formParams(Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        client,
                        "client_secret",
                        client + "-secret",
                        "username",
                        user,
                        "password",
                        user,
                        "scope",
                        "openid"))
                .post(address + "/realms/berth/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path(field);
    }

    /** The token of a service, which is no person. */
    String serviceToken() {
        return given().formParams(Map.of(
                        "grant_type", "client_credentials", "client_id", "service", "client_secret", "service-secret"))
                .post(url + "/realms/berth/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    /** Seconds for which access tokens of a client are good. */
    void setTokenLife(String client, int seconds) {
        String id = admin().queryParam("clientId", client)
                .get(url + REALM + "/clients")
                .path("[0].id");
        ObjectNode representation = admin().get(url + REALM + "/clients/" + id).as(ObjectNode.class);
        representation.withObject("/attributes").put("access.token.lifespan", String.valueOf(seconds));
        admin().contentType("application/json")
                .body(representation.toString())
                .put(url + REALM + "/clients/" + id)
                .then()
                .statusCode(204);
    }

    /** Takes a user out of all groups. */
    void leaveGroups(String user) {
        String id = admin().queryParam("username", user)
                .queryParam("exact", true)
                .get(url + REALM + "/users")
                .path("[0].id");
        List<String> groups =
                admin().get(url + REALM + "/users/" + id + "/groups").path("id");
        groups.forEach(group -> admin().delete(url + REALM + "/users/" + id + "/groups/" + group)
                .then()
                .statusCode(204));
    }

    private RequestSpecification admin() {
        String token = given().formParams(Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "admin-cli",
                        "username",
                        KeycloakResource.ADMINISTRATOR,
                        "password",
                        KeycloakResource.ADMINISTRATOR))
                .post(url + "/realms/master/protocol/openid-connect/token")
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
        return given().header("Authorization", "Bearer " + token);
    }
}
