package io.berth.terminal;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/** Sets the HTTP server's options for WebSockets: subprotocols, bounds, and no compression, whose memory has no bound. */
@ApplicationScoped
public class StreamServerOptions implements HttpServerOptionsCustomizer {

    private final TerminalConfig config;

    StreamServerOptions(TerminalConfig config) {
        this.config = config;
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        apply(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        apply(options);
    }

    @Override
    public void customizeDomainSocketServer(HttpServerOptions options) {
        apply(options);
    }

    private void apply(HttpServerOptions options) {
        int most = Math.toIntExact(config.maxMessage().asLongValue());
        options.setWebSocketSubProtocols(StreamProtocol.wireNames())
                .setMaxWebSocketFrameSize(most)
                .setMaxWebSocketMessageSize(most)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }
}
