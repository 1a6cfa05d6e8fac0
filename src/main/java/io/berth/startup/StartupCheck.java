package io.berth.startup;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Everything that is looked at. {@code docs/startup-checks.md} has this table, which a test compares. */
public enum StartupCheck {
    CLEAR_TEXT(
            Severity.SEVERE,
            "listens where other hosts can connect, without TLS",
            "tokens and terminals could be read on the way"),
    TRUSTED_PROXIES(
            Severity.SEVERE,
            "believes X-Forwarded-For of every address",
            "anybody could write any source address into the audit"),
    ANY_ORIGIN(
            Severity.SEVERE,
            "lets pages of every origin in",
            "any page that an administrator visits could use their session"),
    SECRET_KEY(
            Severity.SEVERE,
            "the key file can be read by others, or is damaged",
            "who has it and the database has every stored secret"),
    ADMIN_TOKEN(
            Severity.SEVERE,
            "the administrator's token can be read by others",
            "every user of the host could administer the platform"),
    DATA_DIRECTORY(
            Severity.SEVERE,
            "the data directory can be written by others",
            "every user of the host could replace what is in it"),
    VOLATILE_DATA(
            Severity.WARNING,
            "the data directory is in memory",
            "a reboot loses the database, the audit and the key file"),
    EMBEDDED_DATABASE(
            Severity.WARNING,
            "an identity provider with the embedded database",
            "an installation for many people wants a database with backups of its own"),
    DATABASE_CLEAR_TEXT(
            Severity.WARNING,
            "the database is on another host and TLS is not required",
            "its password's proof and all data could be read or changed on the way"),
    INSECURE_REGISTRIES(
            Severity.WARNING,
            "pulls from registries without TLS",
            "credentials could be read and images be exchanged on the way"),
    DEBUG_LOG(
            Severity.WARNING,
            "logs debug output",
            "it slows the server down and tells more of requests than a log should hold"),
    CLOCK(
            Severity.WARNING,
            "the clock is behind",
            "tokens would live too long, and the audit's times would stand still");

    /** What becomes of it. */
    public enum Severity {
        /** The server starts, and says so. */
        WARNING,
        /** The server does not start, unless it is told to by {@code BERTH_STARTUP_ALLOW}. */
        SEVERE;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Severity severity;
    private final String what;
    private final String why;

    StartupCheck(Severity severity, String what, String why) {
        this.severity = severity;
        this.what = what;
        this.why = why;
    }

    public Severity severity() {
        return severity;
    }

    /** What it finds. */
    public String what() {
        return what;
    }

    /** Why that is unsafe. */
    public String why() {
        return why;
    }

    /** As {@code BERTH_STARTUP_ALLOW} names it: {@code clear-text}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<StartupCheck> of(String id) {
        return Arrays.stream(values()).filter(check -> check.id().equals(id)).findFirst();
    }
}
