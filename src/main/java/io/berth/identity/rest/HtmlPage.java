package io.berth.identity.rest;

import io.berth.common.BerthException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** A small page that needs no script, loads nothing, cannot be framed and is not kept. */
final class HtmlPage {

    private static final String STYLE =
            "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}"
                    + "button,input,.button{font:inherit;padding:.5rem .8rem;width:100%;box-sizing:border-box;margin:.3rem 0}"
                    + "h1{font-size:1.3rem}.error{color:#b00020}";

    private HtmlPage() {}

    /** @param body HTML, in which whatever comes from outside was escaped */
    static Response of(int status, String title, String body) {
        String html = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escape(title)
                + " - Berth</title><meta name=\"viewport\" content=\"width=device-width\"><style>" + STYLE
                + "</style></head><body><h1>" + escape(title) + "</h1>" + body + "</body></html>\n";
        return Response.status(status)
                .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                .header("Cache-Control", "no-store")
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none';"
                                + " frame-ancestors 'none'")
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
