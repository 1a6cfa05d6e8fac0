package io.berth.terminal;

/** A client is not let in, or is sent away. The message goes to it as the close reason: short, without secrets. */
final class StreamRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final CloseCode code;

    StreamRefused(CloseCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    CloseCode code() {
        return code;
    }

    String reason() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }
}
