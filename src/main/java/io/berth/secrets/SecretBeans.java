package io.berth.secrets;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The box of this server, opened at its start, and what was sealed with a key that is being replaced. */
@ApplicationScoped
class SecretBeans {

    private static final Logger LOG = Logger.getLogger(SecretBeans.class);

    @Produces
    @Singleton
    SecretBox box(@ConfigProperty(name = "berth.data-dir", defaultValue = "/var/lib/berth") Path dataDir) {
        return SecretBox.open(dataDir.toAbsolutePath().resolve(SecretKeyFile.NAME));
    }

    /** After the database is there, and before anybody can store anything. */
    void onStart(@Observes @Priority(60) StartupEvent event, SecretBox box, @Any Instance<SealedSecrets> stores) {
        int sealed = 0;
        for (SealedSecrets store : stores) {
            sealed += store.sealAnew(box);
        }
        if (sealed > 0) {
            LOG.infof(
                    "%d secrets are sealed with the new key now; the old one can be removed from the key file", sealed);
        }
    }
}
