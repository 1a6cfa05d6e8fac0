package io.berth.identity.rest;

import io.berth.common.BerthException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** A small page that needs no script, loads nothing, cannot be framed and is not kept. */
final class HtmlPage {

    /** Looks like the console's own sign-in, and follows the system's theme. */
    private static final String STYLE = """
            :root{color-scheme:light dark;--bg:#f3f6f8;--card:#fff;--text:#17222b;--line:#cdd8e0;--accent:#0b6e94;--on:#fff;--bad:#b3261e}
            @media(prefers-color-scheme:dark){:root{--bg:#0f151a;--card:#161f26;--text:#e6edf2;--line:#33424e;--accent:#4cc2e8;--on:#06212c;--bad:#ff8a80}}
            body{font:15px/1.5 system-ui,sans-serif;background:var(--bg);color:var(--text);margin:0;padding:1rem;min-height:100vh;
            box-sizing:border-box;display:grid;place-items:center}
            main{box-sizing:border-box;width:100%;max-width:24rem;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.5rem}
            h1{font-size:1.25rem;margin:0 0 1rem}
            button,input,.button{font:inherit;display:block;width:100%;box-sizing:border-box;margin:.5rem 0;padding:.55rem .8rem;
            border:1px solid var(--line);border-radius:6px;text-align:center;text-decoration:none}
            input{text-align:left;background:var(--bg);color:inherit}
            button,.button{background:var(--accent);border-color:var(--accent);color:var(--on);font-weight:600;cursor:pointer}
            .quiet button{background:none;border-color:var(--line);color:inherit;font-weight:400}
            a:not(.button){color:var(--accent)}.error{color:var(--bad)}
            """;

    private static final String POLICY = "default-src 'none'; style-src '" + hash(STYLE)
            + "'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private HtmlPage() {}

    /** @param body HTML, in which whatever comes from outside was escaped */
    static Response of(int status, String title, String body) {
        String html = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + " - Berth</title><meta name=\"viewport\" content=\"width=device-width\"><style>" + STYLE
                + "</style></head><body><main><h1>" + escape(title) + "</h1>" + body + "</main></body></html>\n";
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .header("Cache-Control", "no-store")
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "same-origin")
                .header("X-Content-Type-Options", "nosniff")
                .entity(html)
                .build();
    }

    static Response problem(BerthException e) {
        return of(
                e.code().status(),
                e.code().title(),
                "<p class=\"error\">" + escape(String.valueOf(e.getMessage()))
                        + "</p><p><a href=\"/signin\">Sign in</a></p>");
    }

    /** The style as a policy names it, so that no other is allowed. */
    private static String hash(String style) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
