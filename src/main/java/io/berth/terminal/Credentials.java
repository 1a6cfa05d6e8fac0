package io.berth.terminal;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client shows at the upgrade: exactly one token, or one ticket, or else the cookie of a session. */
record Credentials(
        @Nullable String token,
        @Nullable String ticket,
        @Nullable String session) {

    /** A browser's way to send a token: a subprotocol that carries it, as Kubernetes takes it. */
    static final String SUBPROTOCOL_PREFIX = "base64url.bearer.authorization.k8s.io.";

    private static final String SCHEME = "Bearer ";
    private static final List<String> NEVER_IN_URL = List.of("token", "access_token", "authorization");

    /**
     * @param offered subprotocols the client offers
     * @param session what its cookie holds, {@code null} without one
     * @throws StreamRefused {@code UNAUTHENTICATED} for none, for two that differ, and for a token in the URL
     */
    static Credentials of(MultiMap headers, List<String> offered, MultiMap query, @Nullable String session) {
        Set<Credentials> shown = new LinkedHashSet<>();
        for (String header : headers.getAll("Authorization")) {
            if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                throw refused("the Authorization header must be 'Bearer <token>'");
            }
            shown.add(new Credentials(header.substring(SCHEME.length()).strip(), null, null));
        }
        for (String protocol : offered) {
            if (protocol.startsWith(SUBPROTOCOL_PREFIX)) {
                shown.add(new Credentials(decode(protocol.substring(SUBPROTOCOL_PREFIX.length())), null, null));
            }
        }
        for (String ticket : query.getAll("ticket")) {
            shown.add(new Credentials(null, ticket, null));
        }
        if (NEVER_IN_URL.stream().anyMatch(query::contains)) {
            throw refused("a token does not belong in a URL: use a header, a subprotocol or a ticket");
        }
        if (shown.size() > 1) {
            throw refused("two different credentials: send one token or one ticket");
        }
        if (shown.isEmpty() && session != null) {
            return ofSession(headers, session);
        }
        return shown.stream()
                .findFirst()
                .orElseThrow(() -> refused("send a token as Bearer header or subprotocol, or a ticket"));
    }

    /** A browser sends its cookie for any page, and says for which. */
    private static Credentials ofSession(MultiMap headers, String session) {
        if (!headers.contains("Origin")) {
            throw refused("a session is for pages, which name their origin: programs send a token");
        }
        return new Credentials(null, null, session);
    }

    private static String decode(String base64Url) {
        try {
            return new String(Base64.getUrlDecoder().decode(base64Url), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused("the token's subprotocol is not base64url");
        }
    }

    private static StreamRefused refused(String reason) {
        return new StreamRefused(CloseCode.UNAUTHENTICATED, reason);
    }
}
