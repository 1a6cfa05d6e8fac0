package io.berth.doctor;

import io.berth.DataDirectory;
import io.berth.StartupException;
import io.berth.database.DatabaseException;
import io.berth.database.EmbeddedPostgres;
import io.berth.engine.HostLayout;
import io.berth.engine.syscall.JnrSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * {@code ./berth cleanup --data-dir DIR}: removes what a stopped server's instance has on the host. The data directory's
 * content stays.
 */
public final class CleanupMain {

    private CleanupMain() {}

    public static void main(String[] arguments) {
        if (arguments.length != 2 || !arguments[0].equals("--data-dir")) {
            System.err.println("berth: usage: ./berth cleanup --data-dir DIR");
            System.exit(2);
        }
        Path dataDir = Path.of(arguments[1]).toAbsolutePath().normalize();
        if (!Files.exists(dataDir.resolve("instance"))) {
            System.out.println("nothing to remove: no server has used " + dataDir);
            return;
        }
        try {
            clean(dataDir, System.out::println);
        } catch (StartupException | DatabaseException | IOException e) {
            System.err.println("berth: " + e.getMessage());
            System.exit(1);
        }
    }

    /**
     * Removes what the instance of this data directory has on the host. Repeatable.
     *
     * @param report told of what was removed
     * @throws StartupException if a server uses the directory
     */
    public static void clean(Path dataDir, Consumer<String> report) throws IOException {
        try (DataDirectory locked = DataDirectory.open(dataDir)) {
            String instance = DataDirectory.instance(locked.path());
            HostLayout layout = new HostLayout(locked.path(), runRoot().resolve(instance), instance);
            new Cleanup(layout, new JnrSyscalls(), report).run();
            EmbeddedPostgres.stopLeftover(locked.path().resolve("postgres"));
        }
    }

    private static Path runRoot() {
        String configured = System.getenv("BERTH_RUN_ROOT");
        return Path.of(configured == null ? "/run/berth" : configured);
    }
}
