package io.berth.identity.oidc;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Turns Quarkus's verification of tokens on when {@code berth.oidc.issuer} is configured. */
public final class OidcConfigSources implements ConfigSourceFactory {

    private static final int ABOVE_APPLICATION_PROPERTIES = 255;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue issuer = context.getValue("berth.oidc.issuer");
        if (issuer == null || issuer.getValue() == null || issuer.getValue().isBlank()) {
            return List.of();
        }
        Map<String, String> settings = Map.of(
                "quarkus.oidc.tenant-enabled",
                "true",
                "quarkus.oidc.auth-server-url",
                issuer.getValue(),
                "quarkus.oidc." + BackchannelLogout.TENANT + ".tenant-enabled",
                "true",
                "quarkus.oidc." + BackchannelLogout.TENANT + ".auth-server-url",
                issuer.getValue());
        return List.of(new PropertiesConfigSource(settings, "berth-oidc", ABOVE_APPLICATION_PROPERTIES));
    }

    @Override
    public OptionalInt getPriority() {
        return OptionalInt.of(ABOVE_APPLICATION_PROPERTIES);
    }
}
