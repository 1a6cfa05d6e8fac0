package io.berth.identity.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a verified token says. Lists are read up to a bound. */
record Claims(JsonNode json) {

    /** The event of a logout token. */
    static final String LOGOUT = "http://schemas.openid.net/event/backchannel-logout";

    private static final int MOST = 1000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** @param token a JWT whose signature was verified */
    static Claims of(String token) {
        String[] parts = token.split("\\.", -1);
        try {
            return new Claims(MAPPER.readTree(Base64.getUrlDecoder().decode(parts[1])));
        } catch (IOException e) {
            throw new IllegalArgumentException("a verified token can be read", e);
        }
    }

    static Claims parse(String json) {
        try {
            return new Claims(MAPPER.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Nullable
    String text(String claim) {
        JsonNode value = json.path(claim);
        return value.isTextual() && !value.asText().isBlank() ? value.asText() : null;
    }

    Instant time(String claim) {
        return Instant.ofEpochSecond(json.path(claim).asLong());
    }

    boolean has(String claim) {
        return json.has(claim);
    }

    /** Whether it is a token for APIs, rather than one that tells a client who signed in or out, or one to refresh with. */
    boolean isAccessToken() {
        String type = text("typ");
        return (type == null || type.equals("Bearer")) && !json.path("events").has(LOGOUT);
    }

    boolean isLogout() {
        return json.path("events").path(LOGOUT).isObject();
    }

    List<String> groups(String claim) {
        return strings(json.path(claim));
    }

    List<String> realmRoles() {
        return strings(json.path("realm_access").path("roles"));
    }

    List<String> clientRoles(String client) {
        return strings(json.path("resource_access").path(client).path("roles"));
    }

    /** Names of Keycloak's organisations: a list, or an object with them as its members. */
    List<String> organisations() {
        JsonNode organisations = json.path("organization");
        if (!organisations.isObject()) {
            return strings(organisations);
        }
        List<String> names = new ArrayList<>();
        organisations.fieldNames().forEachRemaining(name -> {
            if (names.size() < MOST) {
                names.add(name);
            }
        });
        return names;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        for (JsonNode element : array) {
            if (element.isTextual() && strings.size() < MOST) {
                strings.add(element.asText());
            }
        }
        return strings;
    }
}
