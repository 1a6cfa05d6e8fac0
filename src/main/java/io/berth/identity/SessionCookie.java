package io.berth.identity;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The cookie of a session. Over https it is {@code Secure} and has the prefix {@code __Host-}, with which no other host and no plain
 * connection can set it.
 */
public final class SessionCookie {

    private static final String NAME = "berth-session";
    private static final String SECURE_NAME = "__Host-" + NAME;

    private SessionCookie() {}

    /** What the request's cookie holds, {@code null} without one. */
    public static @Nullable String read(HttpServerRequest request) {
        Cookie cookie = request.getCookie(name(request));
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }

    /** Has the response set it, for as long as the browser runs; the server knows when the session ends. */
    public static void set(HttpServerRequest request, String value) {
        request.response().addCookie(cookie(request, value));
    }

    /** Has the response remove it. */
    public static void clear(HttpServerRequest request) {
        request.response().addCookie(cookie(request, "").setMaxAge(0));
    }

    private static Cookie cookie(HttpServerRequest request, String value) {
        return Cookie.cookie(name(request), value)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(isSecure(request))
                .setSameSite(CookieSameSite.LAX);
    }

    private static String name(HttpServerRequest request) {
        return isSecure(request) ? SECURE_NAME : NAME;
    }

    /** A proxy that is trusted may have said so: then the request's scheme is what it said. */
    static boolean isSecure(HttpServerRequest request) {
        return "https".equals(request.scheme());
    }
}
