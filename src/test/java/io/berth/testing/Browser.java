package io.berth.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser without scripts: keeps cookies, follows redirects, posts forms. */
public final class Browser {

    private static final Pattern ACTION = Pattern.compile("<form[^>]*action=\"([^\"]+)\"");

    /** By name: like a browser, it sends secure ones to loopback without TLS too, which the JDK's own would not. */
    private final Map<String, String> cookies = new TreeMap<>();

    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    /** What came at last, after all redirects. */
    public record Page(URI uri, int status, String body, HttpResponse<String> response) {

        /** Where its form leads to. */
        public URI action() {
            Matcher form = ACTION.matcher(body);
            assertThat(form.find()).as(body).isTrue();
            return uri.resolve(form.group(1).replace("&amp;", "&"));
        }

        public String value(String field) {
            Matcher input =
                    Pattern.compile("name=\"" + field + "\" value=\"([^\"]+)\"").matcher(body);
            assertThat(input.find()).as(body).isTrue();
            return input.group(1);
        }
    }

    public Page get(URI uri) {
        return follow(HttpRequest.newBuilder(uri).build());
    }

    public Page post(URI uri, Map<String, String> form) {
        return follow(HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form)))
                .build());
    }

    public Page send(HttpRequest request) {
        HttpRequest.Builder whole = HttpRequest.newBuilder(request, (name, value) -> true);
        if (!cookies.isEmpty()) {
            whole.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> response = http.send(whole.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return new Page(request.uri(), response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void keep(String header) {
        String[] pair = header.split(";", 2)[0].split("=", 2);
        if (header.matches("(?i).*max-age=0\\b.*")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    private Page follow(HttpRequest first) {
        Page page = send(first);
        for (int hops = 0; hops < 10 && page.status() / 100 == 3; hops++) {
            URI target = page.uri()
                    .resolve(page.response().headers().firstValue("Location").orElseThrow());
            page = send(HttpRequest.newBuilder(target).build());
        }
        return page;
    }

    /** The value of a cookie, empty if there is none. */
    public String cookie(String name) {
        return cookies.getOrDefault(name, "");
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
