package io.berth.system;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;

/** Serves {@code openapi.yaml}, byte for byte, at {@code /q/openapi}. */
@ApplicationScoped
class OpenApiRoute {

    static final String PATH = "/q/openapi";

    void register(@Observes Router router) throws IOException {
        Buffer document = read();
        router.get(PATH)
                .handler(context -> context.response()
                        .putHeader("Content-Type", "application/yaml")
                        .end(document));
    }

    private static Buffer read() throws IOException {
        try (InputStream stream = OpenApiRoute.class.getResourceAsStream("/openapi.yaml")) {
            if (stream == null) {
                throw new IOException("openapi.yaml is missing from the build");
            }
            return Buffer.buffer(stream.readAllBytes());
        }
    }
}
