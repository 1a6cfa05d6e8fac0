package io.berth.startup;

/**
 * Something unsafe.
 *
 * @param detail the setting and its value; no secret
 * @param remedy how to mend it
 */
public record StartupFinding(StartupCheck check, String detail, String remedy) {

    public boolean isSevere() {
        return check.severity() == StartupCheck.Severity.SEVERE;
    }

    /** What, why, and the way out, in one line. */
    public String line() {
        return check.id() + ": " + detail + " (" + check.why() + "). " + remedy;
    }
}
