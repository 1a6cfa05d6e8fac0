package io.berth.identity.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks the provider where its endpoints are, and for tokens. Blocks, for 10 s at most. */
@ApplicationScoped
class ProviderClient {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MOST_BYTES = 1 << 20;

    private final OidcConfig config;
    private final Clock clock;
    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private volatile @Nullable Endpoints endpoints;

    /** Where browsers are sent to, and where tokens are had. */
    record Endpoints(URI authorization, URI token, Instant until) {}

    /** What it gave; all but the access token may be {@code null}. */
    record Tokens(
            String accessToken,
            @Nullable String refreshToken,
            @Nullable String idToken) {}

    private record Answer(int status, JsonNode body) {}

    ProviderClient(OidcConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** @throws BerthException {@code UNAVAILABLE} */
    Endpoints endpoints() {
        Endpoints known = endpoints;
        if (known != null && clock.instant().isBefore(known.until())) {
            return known;
        }
        String issuer = config.issuer().orElseThrow().replaceAll("/+$", "");
        Answer answer = send(HttpRequest.newBuilder(URI.create(issuer + "/.well-known/openid-configuration"))
                .GET());
        String authorization = answer.body().path("authorization_endpoint").asText();
        String token = answer.body().path("token_endpoint").asText();
        if (answer.status() != 200 || authorization.isEmpty() || token.isEmpty()) {
            throw unavailable("answers " + answer.status() + " where its configuration should be", null);
        }
        Endpoints found = new Endpoints(
                URI.create(authorization), URI.create(token), clock.instant().plus(KEPT));
        endpoints = found;
        return found;
    }

    /**
     * Tokens for what is shown; empty if the provider refuses.
     *
     * @param grant parameters of the request (RFC 6749, section 4.1.3 and section 6)
     * @throws BerthException {@code UNAVAILABLE}
     */
    Optional<Tokens> tokens(Map<String, String> grant) {
        Map<String, String> form = new LinkedHashMap<>(grant);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoints().token()).header("Content-Type", "application/x-www-form-urlencoded");
        config.clientSecret()
                .ifPresentOrElse(
                        secret -> request.header("Authorization", basic(config.clientId(), secret)),
                        () -> form.put("client_id", config.clientId()));
        Answer answer = send(request.POST(HttpRequest.BodyPublishers.ofString(encode(form))));
        if (answer.status() >= 500 || answer.status() == 429) {
            throw unavailable("answers " + answer.status(), null);
        }
        String accessToken = answer.body().path("access_token").asText();
        if (answer.status() != 200 || accessToken.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Tokens(accessToken, text(answer.body(), "refresh_token"), text(answer.body(), "id_token")));
    }

    private static @Nullable String text(JsonNode body, String member) {
        JsonNode value = body.path(member);
        return value.isTextual() ? value.asText() : null;
    }

    static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String basic(String client, String secret) {
        String both = URLEncoder.encode(client, StandardCharsets.UTF_8) + ":"
                + URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    }

    private Answer send(HttpRequest.Builder request) {
        HttpRequest built =
                request.timeout(DEADLINE).header("Accept", "application/json").build();
        try {
            HttpResponse<InputStream> response = http.send(built, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return new Answer(response.statusCode(), mapper.readTree(body.readNBytes(MOST_BYTES)));
            }
        } catch (IOException e) {
            throw unavailable("does not answer as it should", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("was asked when the server stopped", e);
        }
    }

    static BerthException unavailable(String why, @Nullable Throwable cause) {
        return new BerthException(
                ErrorCode.UNAVAILABLE, "the identity provider " + why + ": try again, or use an API token", cause);
    }
}
