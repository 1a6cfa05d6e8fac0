package io.berth;

/** The server cannot start. The message is for the operator, without a stack trace. */
public final class StartupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The configuration is at fault (EX_CONFIG of sysexits.h): starting again will not help. */
    static final int UNSAFE_CONFIGURATION = 78;

    private final int exitCode;

    public StartupException(String message) {
        this(message, 1);
    }

    StartupException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    public StartupException(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = 1;
    }
}
