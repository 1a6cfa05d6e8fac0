package io.berth.common;

import java.util.List;
import java.util.Locale;

/** Signals by name and number, as on Linux x86-64 and arm64 (signal(7)). */
public final class Signals {

    public static final int SIGKILL = 9;
    public static final int SIGTERM = 15;

    private static final int MAX = 64;
    private static final List<String> NAMES = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");

    private Signals() {}

    /**
     * Reads {@code SIGTERM}, {@code term}, {@code 15}, {@code SIGRTMIN+3}.
     *
     * @throws IllegalArgumentException naming what is not a signal
     */
    public static int parse(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (name.matches("\\d{1,3}")) {
            int number = Integer.parseInt(name);
            if (number >= 1 && number <= MAX) {
                return number;
            }
        }
        if (name.startsWith("SIG")) {
            name = name.substring(3);
        }
        int number = NAMES.indexOf(name);
        if (number > 0) {
            return number;
        }
        if (name.matches("RTMIN(\\+\\d{1,2})?")) {
            int offset = name.length() > 6 ? Integer.parseInt(name.substring(6)) : 0;
            if (34 + offset <= MAX) {
                return 34 + offset;
            }
        }
        throw new IllegalArgumentException("not a signal: '" + (text.length() > 32 ? text.substring(0, 32) + "…" : text)
                + "' (write a name such as SIGTERM, or a number from 1 to 64)");
    }
}
