package io.berth.images.credentials;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.ImageReference;
import io.berth.images.credentials.store.RegistryCredentialRepository;
import io.berth.images.registry.Credentials;
import io.berth.secrets.SealedSecrets;
import io.berth.secrets.SecretBox;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** A tenant's credentials for registries: stored sealed, used by pulls, never shown. */
@ApplicationScoped
public class RegistryCredentials implements SealedSecrets {

    private static final Logger LOG = Logger.getLogger(RegistryCredentials.class);
    private static final int MOST = 100;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final RegistryCredentialRepository repository;
    private final SecretBox box;
    private final Clock clock;

    RegistryCredentials(RegistryCredentialRepository repository, SecretBox box, Clock clock) {
        this.repository = repository;
        this.box = box;
        this.clock = clock;
    }

    /** Stores or replaces. @throws BerthException {@code VALIDATION_FAILED}, or {@code QUOTA_EXCEEDED} above 100 registries */
    public StoredRegistry put(TenantId tenant, String registry, Credentials credentials) {
        String host = host(registry);
        byte[] sealed = box.seal(write(credentials), context(tenant, host));
        return repository
                .put(tenant, host, sealed, clock.instant(), MOST)
                .orElseThrow(() -> new BerthException(
                        ErrorCode.QUOTA_EXCEEDED,
                        "a tenant can have credentials for " + MOST + " registries: delete one that is not needed"));
    }

    /** By host. */
    public List<StoredRegistry> list(TenantId tenant) {
        return repository.list(tenant).stream()
                .map(RegistryCredentialRepository.Row::registry)
                .toList();
    }

    /** @throws BerthException {@code NOT_FOUND} */
    public StoredRegistry get(TenantId tenant, String registry) {
        String host = host(registry);
        return repository
                .find(tenant, host)
                .map(RegistryCredentialRepository.Row::registry)
                .orElseThrow(() -> notFound(host));
    }

    /** @throws BerthException {@code NOT_FOUND} */
    public void delete(TenantId tenant, String registry) {
        String host = host(registry);
        if (!repository.delete(tenant, host)) {
            throw notFound(host);
        }
    }

    /**
     * What a pull from a registry signs in with.
     *
     * @param registry as an {@link ImageReference} names it
     * @throws BerthException {@code SECRET_UNREADABLE}
     */
    public Optional<Credentials> find(TenantId tenant, String registry) {
        return repository
                .find(tenant, registry)
                .map(row -> read(
                        box.open(row.sealed(), context(tenant, row.registry().host()))));
    }

    @Override
    public int sealAnew(SecretBox with) {
        int count = 0;
        for (RegistryCredentialRepository.Row row : repository.listAll()) {
            if (!with.isCurrent(row.sealed())) {
                String context = context(row.tenant(), row.registry().host());
                try {
                    byte[] plain = with.open(row.sealed(), context);
                    count += repository.replace(row, with.seal(plain, context)) ? 1 : 0;
                } catch (BerthException e) {
                    LOG.errorf(
                            "tenant %s, registry %s: %s",
                            row.tenant(), row.registry().host(), e.getMessage());
                }
            }
        }
        return count;
    }

    private static String context(TenantId tenant, String host) {
        return "registry:" + tenant + ":" + host;
    }

    /** The host as references name it: {@code index.docker.io} is {@code docker.io}. */
    private static String host(String registry) {
        try {
            String host = ImageReference.parse(registry + "/x/y").registry();
            boolean named = registry.contains(".") || registry.contains(":") || registry.equals("localhost");
            if (named && registry.indexOf('/') < 0) {
                return host;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw BerthException.invalidField(
                "/host", "must be a registry's host as in references: ghcr.io, registry.example.com:5000");
    }

    private static BerthException notFound(String host) {
        return new BerthException(
                ErrorCode.NOT_FOUND, "there are no credentials for the registry '" + host + "': list what there is");
    }

    private static byte[] write(Credentials credentials) {
        try {
            return MAPPER.writeValueAsBytes(List.of(credentials.username(), credentials.password()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("two strings can always be written", e);
        }
    }

    private static Credentials read(byte[] plain) {
        try {
            String[] pair = MAPPER.readValue(plain, String[].class);
            return new Credentials(pair[0], pair[1]);
        } catch (IOException e) {
            throw new IllegalStateException("what was sealed here can be read", e);
        }
    }
}
