package io.berth.audit;

import io.berth.DataDirectory;
import io.berth.StartupException;
import io.berth.audit.store.ChainVerifier;
import io.berth.database.DatabaseException;
import io.berth.database.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * {@code ./berth audit verify}: computes the audit's chain anew from the database, beside a running server or without one. It asks
 * the server nothing, so a server that lies cannot deceive it. Exits with 0 if the chain is whole, 1 if it is not, 2 if that
 * cannot be told.
 */
public final class AuditMain {

    private static final String USAGE = "usage: ./berth audit verify [--data-dir DIR] [--expect HEAD]...";

    private AuditMain() {}

    private record Options(Path dataDir, List<ChainHead> expected) {}

    public static void main(String[] arguments) {
        try {
            System.exit(verify(options(arguments)) ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.err.println("berth: " + e.getMessage());
        } catch (StartupException | DatabaseException | SQLException | IOException e) {
            System.err.println("berth: the audit cannot be read: " + e.getMessage());
        }
        System.exit(2);
    }

    private static Options options(String[] arguments) {
        Config config = ConfigProvider.getConfig();
        Path dataDir = config.getValue("berth.data-dir", Path.class);
        List<ChainHead> expected = new ArrayList<>();
        if (arguments.length % 2 == 0 || !arguments[0].equals("verify")) {
            throw new IllegalArgumentException(USAGE);
        }
        for (int i = 1; i < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--data-dir" -> dataDir = Path.of(arguments[i + 1]);
                case "--expect" -> expected.add(ChainHead.parse(arguments[i + 1]));
                default -> throw new IllegalArgumentException(USAGE);
            }
        }
        return new Options(dataDir.toAbsolutePath().normalize(), expected);
    }

    private static boolean verify(Options options) throws SQLException, IOException {
        List<ChainHead> expected = new ArrayList<>(options.expected());
        ChainHead written =
                AuditJournal.read(AuditLog.journalDirectory(options.dataDir())).head();
        if (written != null) {
            expected.add(written);
        }
        Config config = ConfigProvider.getConfig();
        Optional<String> url = config.getOptionalValue("quarkus.datasource.jdbc.url", String.class);
        if (url.isPresent()) {
            return verify(
                    new EmbeddedPostgres.Access(
                            url.get(),
                            config.getOptionalValue("quarkus.datasource.username", String.class)
                                    .orElse(""),
                            config.getOptionalValue("quarkus.datasource.password", String.class)
                                    .orElse("")),
                    expected);
        }
        Path directory = options.dataDir().resolve("postgres");
        Optional<EmbeddedPostgres.Access> running = EmbeddedPostgres.findRunning(directory);
        if (running.isPresent()) {
            return verify(running.get(), expected);
        }
        if (!Files.isDirectory(directory)) {
            throw new IOException("no server has used " + options.dataDir() + " (--data-dir)");
        }
        try (DataDirectory locked = DataDirectory.open(options.dataDir());
                EmbeddedPostgres started = EmbeddedPostgres.launch(directory)) {
            started.awaitReady();
            return verify(
                    new EmbeddedPostgres.Access(started.jdbcUrl(), started.username(), started.password()), expected);
        }
    }

    private static boolean verify(EmbeddedPostgres.Access access, List<ChainHead> expected) throws SQLException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(access.jdbcUrl());
        database.setUser(access.username());
        database.setPassword(access.password());
        try (Connection connection = database.getConnection()) {
            ChainVerifier.Report report = ChainVerifier.verify(connection, expected);
            if (report.begin().seq() > 0) {
                System.out.println("begins after the checkpoint " + report.begin());
            }
            report.problems().forEach(problem -> System.out.println("BROKEN  " + problem));
            System.out.printf(
                    "%s: %d entries, head %s%n",
                    report.problems().isEmpty() ? "the audit is whole" : "the audit was tampered with",
                    report.entries(),
                    report.head());
            return report.problems().isEmpty();
        }
    }
}
