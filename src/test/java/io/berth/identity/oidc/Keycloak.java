package io.berth.identity.oidc;

import static io.restassured.RestAssured.given;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.berth.testing.Browser;
import io.berth.testing.KeycloakResource;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** A Keycloak as its users and its administrator see it. Passwords are the users' names. */
record Keycloak(String url) {

    private static final String REALM = "/admin/realms/berth";
    private static final String TOKENS = "/realms/berth/protocol/openid-connect/token";

    /** The one that was started for the tests. */
    static Keycloak running() {
        return new Keycloak(ConfigProvider.getConfig().getValue("test.keycloak.url", String.class));
    }

    String issuer() {
        return url + "/realms/berth";
    }

    /** An access token of a user, by the client {@code service}. */
    String token(String user) {
        return token(url, user, "service");
    }

    /** @param address under which Keycloak is asked, which becomes the issuer */
    static String token(String address, String user, String client) {
        return field(address, user, client, "openid", "access_token");
    }

    /** @param scope what is asked for */
    String tokenWithScope(String user, String scope) {
        return field(url, user, "service", scope, "access_token");
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
                .post(address + TOKENS)
                .then()
                .statusCode(200)
                .extract()
                .path(field);
    }

    /** The token of a service, which is no person. */
    String serviceToken() {
        return given().formParams(Map.of(
                        "grant_type", "client_credentials", "client_id", "service", "client_secret", "service-secret"))
                .post(url + TOKENS)
                .then()
                .statusCode(200)
                .extract()
                .path("access_token");
    }

    /** Signs a user in to Berth, on one page or, where organisations are to be told apart, on two. */
    Browser.Page signIn(Browser browser, String user) {
        Browser.Page form = browser.get(URI.create("http://127.0.0.1:" + RestAssured.port + "/signin/oidc"));
        if (!asksForPassword(form)) {
            form = browser.post(form.action(), Map.of("username", user));
        }
        return browser.post(form.action(), Map.of("username", user, "password", user));
    }

    static boolean asksForPassword(Browser.Page form) {
        return form.body().contains("name=\"password\"");
    }

    /** Seconds for which access tokens of a client are good. */
    void setTokenLife(String client, int seconds) {
        setAttribute(client, "access.token.lifespan", String.valueOf(seconds));
    }

    /** Has Keycloak tell Berth's client about logouts; empty for not. */
    void setLogoutUrl(String address) {
        setAttribute("berth", "backchannel.logout.url", address);
    }

    private void setAttribute(String client, String name, String value) {
        String id = admin().queryParam("clientId", client)
                .get(url + REALM + "/clients")
                .path("[0].id");
        ObjectNode representation = admin().get(url + REALM + "/clients/" + id).as(ObjectNode.class);
        representation.withObject("/attributes").put(name, value);
        put("/clients/" + id, representation);
    }

    /** Makes a user of no group. */
    void addUser(String name) {
        create("/users", """
                {"username": "%1$s", "enabled": true, "email": "%1$s@example.com", "emailVerified": true, "firstName": "%1$s",
                 "lastName": "Example", "credentials": [{"type": "password", "value": "%1$s", "temporary": false}]}
                """.formatted(name));
    }

    void disable(String user) {
        String path = "/users/" + userId(user);
        ObjectNode representation = admin().get(url + REALM + path).as(ObjectNode.class);
        put(path, representation.put("enabled", false));
    }

    /** Takes a user out of all groups. */
    void leaveGroups(String user) {
        String path = "/users/" + userId(user) + "/groups";
        List<String> groups = admin().get(url + REALM + path).path("id");
        groups.forEach(group -> delete(path + "/" + group));
    }

    /** Ids of a user's sessions. */
    List<String> sessions(String user) {
        return admin().get(url + REALM + "/users/" + userId(user) + "/sessions").path("id");
    }

    void endSession(String id) {
        delete("/sessions/" + id);
    }

    /** Ends every session of a user, as an administrator does. */
    void logOut(String user) {
        admin().post(url + REALM + "/users/" + userId(user) + "/logout").then().statusCode(204);
    }

    /** Makes an organisation, and returns its id. */
    String addOrganisation(String name) {
        return create("/organizations", """
                {"name": "%1$s", "alias": "%1$s", "enabled": true, "domains": [{"name": "%1$s.example"}]}
                """.formatted(name));
    }

    void removeOrganisation(String id) {
        delete("/organizations/" + id);
    }

    void join(String organisation, String user) {
        create("/organizations/" + organisation + "/members", '"' + userId(user) + '"');
    }

    void leave(String organisation, String user) {
        delete("/organizations/" + organisation + "/members/" + userId(user));
    }

    /** What tokens call the user. */
    String userId(String user) {
        return admin().queryParam("username", user)
                .queryParam("exact", true)
                .get(url + REALM + "/users")
                .path("[0].id");
    }

    /** Returns the new thing's id. */
    private String create(String path, String json) {
        String location = admin().contentType("application/json")
                .body(json)
                .post(url + REALM + path)
                .then()
                .statusCode(201)
                .extract()
                .header("Location");
        return location == null ? "" : location.substring(location.lastIndexOf('/') + 1);
    }

    private void put(String path, ObjectNode representation) {
        admin().contentType("application/json")
                .body(representation.toString())
                .put(url + REALM + path)
                .then()
                .statusCode(204);
    }

    private void delete(String path) {
        admin().delete(url + REALM + path).then().statusCode(204);
    }

    private RequestSpecification admin() {
        return KeycloakResource.administrator(url);
    }
}
