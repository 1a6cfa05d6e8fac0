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
        return field(address, user, client, "openid", "access_token");
    }

    /** An access token that tells the user's organisations. */
    String tokenWithOrganisations(String user) {
        return field(url, user, "service", "openid organization", "access_token");
    }

    String idToken(String user) {
        return field(url, user, "service", "openid", "id_token");
    }

    private static String field(String address, String user, String client, String scope, String field) {
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
                        scope))
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
        String id = userId(user);
        List<String> groups =
                admin().get(url + REALM + "/users/" + id + "/groups").path("id");
        groups.forEach(group -> admin().delete(url + REALM + "/users/" + id + "/groups/" + group)
                .then()
                .statusCode(204));
    }

    /** Makes a user whose password is the name. */
    void addUser(String name) {
        String user = """
                {"username": "%1$s", "enabled": true, "email": "%1$s@example.com", "emailVerified": true, "firstName": "%1$s",
                 "lastName": "Example", "credentials": [{"type": "password", "value": "%1$s", "temporary": false}]}
                """.formatted(name);
        create("/users", user);
    }

    /** Makes an organisation with one member. */
    void addOrganisation(String name, String member) {
        create("/organizations", """
                {"name": "%1$s", "alias": "%1$s", "enabled": true, "domains": [{"name": "%1$s.example"}]}
                """.formatted(name));
        String id = admin().queryParam("search", name)
                .queryParam("exact", true)
                .get(url + REALM + "/organizations")
                .path("[0].id");
        create("/organizations/" + id + "/members", '"' + userId(member) + '"');
    }

    /** Ends every session of a user: what an administrator, or the user in another window, does. */
    void logOut(String user) {
        admin().post(url + REALM + "/users/" + userId(user) + "/logout").then().statusCode(204);
    }

    private void create(String path, String json) {
        admin().contentType("application/json")
                .body(json)
                .post(url + REALM + path)
                .then()
                .statusCode(201);
    }

    private String userId(String user) {
        return admin().queryParam("username", user)
                .queryParam("exact", true)
                .get(url + REALM + "/users")
                .path("[0].id");
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
