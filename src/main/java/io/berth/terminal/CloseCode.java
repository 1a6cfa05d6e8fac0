package io.berth.terminal;

import io.berth.common.ErrorCode;

/**
 * Why the server closes a WebSocket. A refusal is a close after the upgrade, because a browser does not show its script
 * the status of a refused upgrade.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.4">RFC 6455, section 7.4</a>
 */
public enum CloseCode {
    /** The process ended; its status was sent before. */
    NORMAL(1000),
    /** The server goes down; the process goes on, so connect again. */
    GOING_AWAY(1001),
    /** A message that the protocol does not know, or no subprotocol both sides speak. */
    PROTOCOL_ERROR(1002),
    /** A text message where all are binary. */
    UNSUPPORTED_DATA(1003),
    /** A message that is well-formed and yet not acceptable. */
    POLICY_VIOLATION(1008),
    /** A frame or message above the limit. */
    TOO_BIG(1009),
    /** The server failed; its log tells more. */
    INTERNAL(1011),
    /** No credentials, bad ones, or two that differ. */
    UNAUTHENTICATED(4401),
    /** The credentials, or the page's origin, do not allow it. */
    FORBIDDEN(4403),
    /** No such tenant, container or exec. */
    NOT_FOUND(4404),
    /** Nothing was sent or received for too long, or pings went unanswered. */
    IDLE(4408),
    /** It does not run, or another client is writing. */
    WRONG_STATE(4409),
    /** Too many streams. */
    TOO_MANY(4429);

    private final short value;

    CloseCode(int value) {
        this.value = (short) value;
    }

    public short value() {
        return value;
    }

    /** What stands for a failure of a service. */
    static CloseCode of(ErrorCode code) {
        return switch (code.status()) {
            case 401 -> UNAUTHENTICATED;
            case 403 -> code == ErrorCode.QUOTA_EXCEEDED ? TOO_MANY : FORBIDDEN;
            case 404, 410 -> NOT_FOUND;
            case 409 -> WRONG_STATE;
            case 429 -> TOO_MANY;
            case 400, 422 -> POLICY_VIOLATION;
            default -> INTERNAL;
        };
    }
}
