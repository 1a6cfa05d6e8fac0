package io.berth.images;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Security;
import org.jboss.logging.Logger;

/**
 * Hashes and ciphers in native code. The JDK's own are fast only where its optimizing compiler works, which the server
 * does without: there SHA-256 takes eleven times as long, and AES-GCM, of TLS, a hundred times.
 */
public final class NativeCrypto {

    private static final Logger LOG = Logger.getLogger(NativeCrypto.class);

    private NativeCrypto() {}

    /**
     * Makes them the first choice of the whole JVM. Blocks for some 300 ms the first time, so it is called by whoever has
     * much to hash; repeatable. On a host that cannot load them everything works as before, slower.
     */
    public static void prefer() {
        Once.ensure();
    }

    private static final class Once {

        static {
            install();
        }

        private Once() {}

        static void ensure() {}

        private static void install() {
            try {
                AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
                if (provider.getLoadingError() == null) {
                    Security.insertProviderAt(provider, 1);
                } else {
                    LOG.infof("images are hashed by the JDK's own code: %s", provider.getLoadingError());
                }
            } catch (RuntimeException | LinkageError e) {
                LOG.infof("images are hashed by the JDK's own code: %s", e);
            }
        }
    }
}
