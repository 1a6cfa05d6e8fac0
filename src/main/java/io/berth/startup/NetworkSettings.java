package io.berth.startup;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;

/** Who can reach the server, whom it reaches, and what could be read on the way. Looks no name up. */
record NetworkSettings(Config config) {

    private static final String ALLOWED_ORIGINS = "berth.streams.allowed-origins";
    private static final String CORS_ORIGINS = "quarkus.http.cors.origins";

    List<StartupFinding> check() {
        List<StartupFinding> findings = new ArrayList<>();
        clearText(findings);
        trustedProxies(findings);
        anyOrigin(findings);
        insecureRegistries(findings);
        database(findings);
        return findings;
    }

    private void clearText(List<StartupFinding> findings) {
        String host = text("quarkus.http.host", "127.0.0.1");
        boolean declared = flag("berth.http.tls-terminated");
        if (!isLoopback(host) && !declared && !isTlsOnly()) {
            findings.add(new StartupFinding(
                    StartupCheck.CLEAR_TEXT,
                    "BERTH_HTTP_HOST=" + host + " without TLS",
                    "Listen on 127.0.0.1 behind a proxy that ends TLS; or, if one stands in front of this address,"
                            + " say so: BERTH_HTTP_TLS_TERMINATED=true and BERTH_HTTP_TRUSTED_PROXIES=<its address>"));
        }
    }

    private boolean isTlsOnly() {
        String plain = text("quarkus.http.insecure-requests", "enabled").toLowerCase(Locale.ROOT);
        boolean certificate = StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .anyMatch(name -> name.startsWith("quarkus.http.ssl.certificate.") || name.startsWith("quarkus.tls."));
        return certificate && !plain.equals("enabled");
    }

    private void trustedProxies(List<StartupFinding> findings) {
        list("berth.http.trusted-proxies").stream()
                .filter(network -> network.endsWith("/0"))
                .findFirst()
                .ifPresent(network -> findings.add(new StartupFinding(
                        StartupCheck.TRUSTED_PROXIES,
                        "BERTH_HTTP_TRUSTED_PROXIES has " + network,
                        "Name the proxies' own addresses")));
    }

    private void anyOrigin(List<StartupFinding> findings) {
        if (list(ALLOWED_ORIGINS).contains("*")) {
            findings.add(new StartupFinding(
                    StartupCheck.ANY_ORIGIN,
                    "BERTH_STREAMS_ALLOWED_ORIGINS has *",
                    "Name the pages: https://console.example"));
        }
        boolean cors = flag("quarkus.http.cors.enabled") || flag("quarkus.http.cors");
        List<String> origins = list(CORS_ORIGINS);
        if (cors && (origins.contains("*") || origins.contains("/.*/"))) {
            findings.add(new StartupFinding(
                    StartupCheck.ANY_ORIGIN,
                    CORS_ORIGINS + " is every origin",
                    "Name the pages: https://console.example"));
        }
    }

    private void insecureRegistries(List<StartupFinding> findings) {
        List<String> remote = list("berth.images.insecure-registries").stream()
                .filter(registry -> !isLoopback(registry.replaceFirst(":\\d+$", "")))
                .toList();
        if (!remote.isEmpty()) {
            findings.add(new StartupFinding(
                    StartupCheck.INSECURE_REGISTRIES,
                    "BERTH_IMAGES_INSECURE_REGISTRIES=" + String.join(",", remote),
                    "Give them certificates, and take them off the list"));
        }
    }

    private void database(List<StartupFinding> findings) {
        String url = text("quarkus.datasource.jdbc.url", "");
        boolean provider = !text("berth.oidc.issuer", text("quarkus.oidc.auth-server-url", ""))
                .isEmpty();
        if (url.isEmpty() && provider) {
            findings.add(new StartupFinding(
                    StartupCheck.EMBEDDED_DATABASE,
                    "an OpenID Connect provider is configured, and no database",
                    "Set QUARKUS_DATASOURCE_JDBC_URL, or back up <data>/postgres while the server is stopped"));
        }
        if (!url.isEmpty() && !isLoopback(databaseHost(url)) && !url.matches(".*[?&]sslmode=(require|verify-).*")) {
            findings.add(new StartupFinding(
                    StartupCheck.DATABASE_CLEAR_TEXT,
                    "the database is on " + databaseHost(url) + " and its URL does not require TLS",
                    "Add sslmode=verify-full to QUARKUS_DATASOURCE_JDBC_URL"));
        }
    }

    private static String databaseHost(String url) {
        try {
            String host = URI.create(url.replaceFirst("^jdbc:", "")).getHost();
            return host == null ? "localhost" : host;
        } catch (IllegalArgumentException severalHosts) {
            return "several hosts";
        }
    }

    static boolean isLoopback(String host) {
        String bare = host.strip().toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        return bare.equals("localhost")
                || bare.endsWith(".localhost")
                || bare.equals("::1")
                || bare.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private String text(String name, String otherwise) {
        return config.getOptionalValue(name, String.class).orElse(otherwise);
    }

    private boolean flag(String name) {
        return Boolean.parseBoolean(text(name, "false").strip());
    }

    private List<String> list(String name) {
        return config.getOptionalValues(name, String.class).orElse(List.of()).stream()
                .map(String::strip)
                .toList();
    }
}
