package io.berth.console;

import io.berth.api.problem.Problem;
import io.berth.api.problem.ProblemWriter;
import io.berth.common.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The console at {@code /}: files whose names hold a hash of their content are kept by browsers for good, the page never
 * without asking. A place that the console does not know is its page too, with 404; a missing file is a problem document.
 */
@ApplicationScoped
class ConsoleRoutes {

    /** What is not the console's: the API, probes, registry and sign-in. */
    private static final String PATHS = "/(?!(?:api|q|v2|signin)(?:/|$)).*";

    private static final String ASSETS = "/assets/";
    /** Names of containers may look like those of files; below these nothing is a file. */
    private static final Pattern PLACES = Pattern.compile(
            "/(?:(?:containers|images|events|usage|members|tokens|webhooks|audit|platform)(?:/.*)?)?", Pattern.DOTALL);

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";
    private static final String ASK_FIRST = "no-cache";

    private static final ConsoleFile MISSING =
            ConsoleFile.of("""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Berth</title></head>
            <body><h1>Berth runs, without its web console</h1>
            <p>This server was built without the console: Node.js 20.19 or newer and npm were missing, or <code>-DskipConsole</code> was
            given. Install them, end the server and start it again with <code>./berth serve</code>, which then builds the console.</p>
            <p>All else works: the API is described at <a href="/q/openapi">/q/openapi</a>; sign in and out at
            <a href="/signin">/signin</a>.</p></body></html>
            """.getBytes(StandardCharsets.UTF_8), null, "text/html; charset=utf-8");

    private final ConsoleFiles files;
    private final ProblemWriter problems;

    ConsoleRoutes(ConsoleFiles files, ProblemWriter problems) {
        this.files = files;
        this.problems = problems;
    }

    void register(@Observes Router router) {
        router.routeWithRegex(PATHS)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .blockingHandler(this::serve, false);
    }

    private void serve(RoutingContext context) {
        String path = context.normalizedPath();
        if (PLACES.matcher(path).matches()) {
            send(context, 200, files.page().orElse(MISSING), ASK_FIRST);
            return;
        }
        Optional<ConsoleFile> file = files.find(path.substring(1));
        if (file.isPresent()) {
            send(context, 200, file.get(), path.startsWith(ASSETS) ? FOR_GOOD : ASK_FIRST);
        } else if (!path.startsWith(ASSETS) && wantsPage(context)) {
            send(context, 404, files.page().orElse(MISSING), ASK_FIRST);
        } else {
            problems.write(context, Problem.of(ErrorCode.NOT_FOUND, "there is nothing at " + path));
        }
    }

    /** A browser that was sent here by a person, not by a page that wants a picture or a script. */
    private static boolean wantsPage(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html");
    }

    private static void send(RoutingContext context, int status, ConsoleFile file, String caching) {
        HttpServerResponse response = context.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader(HttpHeaders.CACHE_CONTROL, caching)
                .putHeader(HttpHeaders.ETAG, file.tag())
                .putHeader(HttpHeaders.VARY, "Accept-Encoding");
        if (status == 200 && file.tag().equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
            return;
        }
        Buffer body = file.plain();
        if (file.compressed() != null && acceptsGzip(context)) {
            body = file.compressed();
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, file.type())
                .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        if (context.request().method() == HttpMethod.HEAD) {
            response.end();
        } else {
            response.end(body);
        }
    }

    private static boolean acceptsGzip(RoutingContext context) {
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
        return accepted != null && accepted.contains("gzip") && !accepted.matches(".*gzip;\\s*q=0(\\.0*)?\\s*(,.*)?");
    }
}
