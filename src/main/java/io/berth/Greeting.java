package io.berth;

import io.berth.identity.FirstSignIn;
import io.quarkus.vertx.http.HttpServerStart;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Tells the person who started the server where it is and what to try first. */
@ApplicationScoped
public class Greeting {

    private final BerthConfig config;
    private final FirstSignIn firstSignIn;
    private final String configuredHost;

    Greeting(
            BerthConfig config,
            FirstSignIn firstSignIn,
            @ConfigProperty(name = "quarkus.http.host") String configuredHost) {
        this.config = config;
        this.firstSignIn = firstSignIn;
        this.configuredHost = configuredHost;
    }

    void onStart(@ObservesAsync HttpServerStart started) {
        System.out.println(text(started.options().getPort()));
    }

    private String text(int port) {
        boolean everywhere = configuredHost.equals("0.0.0.0") || configuredHost.equals("::");
        String address = "http://" + (everywhere ? "127.0.0.1" : configuredHost) + ":" + port;
        Path token = config.dataDir().toAbsolutePath().resolve("admin.token");
        return """

                Berth is ready at %1$s (%3$s)
                Administrator's token: %2$s
                %4$s
                Try:
                  curl -H "Authorization: Bearer $(cat %2$s)" -H 'Content-Type: application/json' \\
                    -d '{"image":"busybox","command":["sleep","3600"],"name":"first"}' \\
                    %1$s/api/v1/tenants/default/containers
                """.formatted(address, token, sinceStart(), signIn(address));
    }

    private String signIn(String address) {
        return firstSignIn
                .link()
                .map(link -> "Sign in, once, until " + link.expiresAt().truncatedTo(ChronoUnit.SECONDS) + ": " + address
                        + link.path())
                .orElse("Sign in: " + address + "/signin");
    }

    /** Since the start of the JVM; the process is older, because the launcher becomes the server. */
    private static String sinceStart() {
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        return System.currentTimeMillis() - started + " ms after its start";
    }
}
