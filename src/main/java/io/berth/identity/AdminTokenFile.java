package io.berth.identity;

import io.berth.api.auth.Subject;
import io.berth.common.Ids;
import io.berth.identity.store.ApiTokenRepository;
import io.berth.tenants.Role;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sees to it that an administrator can get in: the first start makes a token and writes it to {@code admin.token} in the data
 * directory, readable by the owner alone. The database keeps its hash only. A file that is there, perhaps because the
 * database was lost, is taken as it is; a file that the administrator moved away is not made again.
 */
@ApplicationScoped
public class AdminTokenFile {

    private static final Logger LOG = Logger.getLogger(AdminTokenFile.class);

    private final ApiTokenRepository repository;
    private final Clock clock;
    private final Path file;

    AdminTokenFile(
            ApiTokenRepository repository,
            Clock clock,
            @ConfigProperty(name = "berth.data-dir", defaultValue = "/var/lib/berth") Path dataDir) {
        this.repository = repository;
        this.clock = clock;
        this.file = dataDir.resolve("admin.token");
    }

    void onStart(@Observes @Priority(100) StartupEvent event) {
        try {
            ensure();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the administrator's token to " + file, e);
        }
    }

    private void ensure() throws IOException {
        if (Files.exists(file)) {
            String token = Files.readString(file).strip();
            if (!ApiTokens.isWellFormed(token)) {
                throw new IOException(file + " does not hold an API token; move it away to have a new one made");
            }
            store(token);
        } else if (!repository.hasAdministrator()) {
            String token = ApiTokens.generate();
            write(token);
            store(token);
            LOG.infof("the administrator's API token is in %s", file);
        }
    }

    private void store(String token) {
        byte[] hash = TokenHash.of(token).bytes();
        if (!repository.exists(hash)) {
            ApiToken administrator = new ApiToken(
                    Ids.next("tok"),
                    "admin",
                    null,
                    Role.OWNER,
                    List.of(),
                    null,
                    Subject.SYSTEM,
                    clock.instant(),
                    null,
                    null);
            repository.add(administrator, hash);
        }
    }

    private void write(String token) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = file.resolveSibling("admin.token.new");
        Files.deleteIfExists(fresh);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel channel =
                FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
            channel.write(StandardCharsets.US_ASCII.encode(token + "\n"));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
