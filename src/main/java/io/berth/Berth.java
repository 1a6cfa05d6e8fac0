package io.berth;

import io.berth.database.DatabaseDriver;
import io.berth.database.DatabaseException;
import io.berth.database.EmbeddedPostgres;
import io.berth.disk.Reserve;
import io.berth.engine.EngineException;
import io.berth.startup.StartupChecks;
import io.berth.startup.StartupFinding;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The server's main class: locks the data directory, starts the embedded database unless another one is configured,
 * then the rest; ends them in reverse.
 */
@QuarkusMain
public final class Berth {

    private static final Logger LOG = Logger.getLogger(Berth.class);
    private static final String JDBC_URL = "quarkus.datasource.jdbc.url";
    private static final long STOP_SECONDS = 90;

    private Berth() {}

    public static void main(String[] arguments) {
        CountDownLatch ended = new CountDownLatch(1);
        // On a signal the JVM would end as soon as Quarkus has; the database comes after it.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(ended), "berth-shutdown"));
        int exitCode = 1;
        try {
            exitCode = run(arguments);
        } catch (StartupException e) {
            exitCode = e.exitCode();
            System.err.println("berth: " + message(e));
        } catch (DatabaseException e) {
            System.err.println("berth: " + message(e));
        } finally {
            ended.countDown();
        }
        System.exit(exitCode);
    }

    private static int run(String[] arguments) {
        Config config = ConfigProvider.getConfig();
        refuseUnsafe(config);
        AtomicInteger exitCode = new AtomicInteger();
        try (DataDirectory data = DataDirectory.open(config.getValue("berth.data-dir", Path.class));
                EmbeddedPostgres database = launchDatabase(config, data)) {
            Quarkus.run(null, (code, failure) -> exitCode.set(report(code, failure)), arguments);
        }
        return exitCode.get();
    }

    /** What is merely unwise is told; what is unsafe stops the start, unless it is allowed by name. */
    private static void refuseUnsafe(Config config) {
        try {
            List<StartupFinding> findings =
                    StartupChecks.run(config, config.getValue("berth.data-dir", Path.class), Clock.systemUTC());
            List<StartupFinding> stopping = StartupChecks.stopping(findings, config);
            findings.stream()
                    .filter(finding -> !stopping.contains(finding))
                    .forEach(finding -> System.err.println("berth: warning: " + finding.line()));
            if (!stopping.isEmpty()) {
                String lines = stopping.stream().map(StartupFinding::line).collect(Collectors.joining("\n  "));
                String ids = stopping.stream()
                        .map(finding -> finding.check().id())
                        .distinct()
                        .collect(Collectors.joining(","));
                throw new StartupException(
                        "not started, because these settings are unsafe:\n  " + lines
                                + "\nTo start all the same: BERTH_STARTUP_ALLOW=" + ids,
                        StartupException.UNSAFE_CONFIGURATION);
            }
        } catch (IllegalArgumentException e) {
            throw new StartupException(String.valueOf(e.getMessage()), StartupException.UNSAFE_CONFIGURATION);
        } catch (IOException e) {
            throw new StartupException("the data directory cannot be looked at", e);
        }
    }

    private static int report(int code, @Nullable Throwable failure) {
        EngineException incomplete = hostIncomplete(failure);
        if (incomplete != null) {
            System.err.println("berth: " + incomplete.getMessage());
        } else if (failure != null) {
            LOG.error("the server could not start", failure);
        }
        return code;
    }

    /** That the host lacks something is the operator's to mend: a stack trace would only hide what. */
    private static @Nullable EngineException hostIncomplete(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof EngineException e && e.reason() == EngineException.Reason.HOST_INCOMPLETE) {
                return e;
            }
        }
        return null;
    }

    /** Does not wait for the database: {@link DatabaseDriver} does, at the first connection. */
    private static @Nullable EmbeddedPostgres launchDatabase(Config config, DataDirectory data) {
        if (config.getOptionalValue(JDBC_URL, String.class).isPresent()) {
            return null;
        }
        EmbeddedPostgres database = EmbeddedPostgres.launch(data.path().resolve("postgres"));
        database.keepRunning(() -> giveRoom(data));
        DatabaseDriver.waitFor(database);
        System.setProperty(JDBC_URL, database.jdbcUrl());
        System.setProperty("quarkus.datasource.username", database.username());
        System.setProperty("quarkus.datasource.password", database.password());
        return database;
    }

    /** It may have ended because the disk is full. */
    private static void giveRoom(DataDirectory data) {
        try {
            Reserve reserve = Reserve.of(data.path(), Reserve.USUAL);
            if (Files.getFileStore(data.path()).getUsableSpace() < reserve.slice() && reserve.release()) {
                LOG.warn("a part of the reserve is given to the database");
            }
        } catch (IOException e) {
            LOG.warnf("the reserve cannot be given back: %s", e.toString());
        }
    }

    private static void await(CountDownLatch ended) {
        try {
            if (!ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("berth: gave up waiting for an orderly stop after " + STOP_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String message(RuntimeException e) {
        Throwable cause = e.getCause();
        return cause == null ? String.valueOf(e.getMessage()) : e.getMessage() + ": " + cause;
    }
}
