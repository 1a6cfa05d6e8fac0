package io.berth.doctor;

import java.util.Locale;

/**
 * One line of the doctor's report.
 *
 * @param what it is about, such as {@code cgroups}
 * @param detail what was found
 * @param remedy how to mend it; empty when there is nothing to mend
 */
public record Finding(Level level, String what, String detail, String remedy) {

    /** How bad it is. */
    public enum Level {
        OK,
        /** Berth works, but not as well as it could. */
        WARN,
        /** The server refuses to start with it, unless it is told to. */
        UNSAFE,
        /** Berth does not work without it. */
        MISSING
    }

    static Finding ok(String what, String detail) {
        return new Finding(Level.OK, what, detail, "");
    }

    static Finding warn(String what, String detail, String remedy) {
        return new Finding(Level.WARN, what, detail, remedy);
    }

    static Finding unsafe(String what, String detail, String remedy) {
        return new Finding(Level.UNSAFE, what, detail, remedy);
    }

    static Finding missing(String what, String detail, String remedy) {
        return new Finding(Level.MISSING, what, detail, remedy);
    }

    String line() {
        String line = "%-8s%-18s%s".formatted(level.name().toLowerCase(Locale.ROOT), what, detail);
        return remedy.isEmpty() ? line : line + "\n" + " ".repeat(26) + "-> " + remedy;
    }
}
