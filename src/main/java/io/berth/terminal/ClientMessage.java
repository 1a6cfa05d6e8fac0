package io.berth.terminal;

import io.berth.engine.TerminalSize;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a client says in one message. */
sealed interface ClientMessage {

    /** Longest JSON message worth reading. */
    int MAX_JSON = 256;

    /** Bytes for the standard input, never none. */
    record Input(Buffer bytes) implements ClientMessage {}

    record Resize(TerminalSize size) implements ClientMessage {}

    /** The standard input ends. */
    record CloseInput() implements ClientMessage {}

    /**
     * The output before this offset was shown; only from clients that asked for a window.
     *
     * @param offset as in the notices, 0 or more
     */
    record Acknowledge(long offset) implements ClientMessage {}

    /** Has no meaning and does no harm. */
    record Nothing() implements ClientMessage {}

    /**
     * Reads a binary message. Where Kubernetes' own server ignores something harmless, such as an empty message or the close
     * of an output channel, so does this one; a channel that is not for clients, or an unreadable size, is refused.
     */
    static ClientMessage decode(StreamProtocol protocol, Buffer message) {
        if (message.length() == 0) {
            return new Nothing();
        }
        int channel = message.getByte(0) & 0xFF;
        return switch (channel) {
            case Channel.STDIN -> message.length() == 1 ? new Nothing() : new Input(message.slice(1, message.length()));
            case Channel.RESIZE -> resize(message);
            case Channel.NOTICE -> acknowledge(message);
            case Channel.CLOSE -> {
                if (!protocol.canCloseInput()) {
                    throw wrongChannel(channel, protocol);
                }
                yield message.length() == 2 && message.getByte(1) == Channel.STDIN ? new CloseInput() : new Nothing();
            }
            default -> throw wrongChannel(channel, protocol);
        };
    }

    private static StreamRefused wrongChannel(int channel, StreamProtocol protocol) {
        return new StreamRefused(
                CloseCode.PROTOCOL_ERROR,
                "channel " + channel + " is not for clients: send 0 (stdin), 4 (resize)"
                        + (protocol.canCloseInput() ? " or 255 (close)" : ""));
    }

    private static ClientMessage resize(Buffer message) {
        if (message.length() > MAX_JSON) {
            throw badSize();
        }
        try {
            JsonObject json = json(message);
            int columns = size(json.getValue("Width"));
            int rows = size(json.getValue("Height"));
            // a terminal without a size, as from a client that has none
            return columns == 0 || rows == 0 ? new Nothing() : new Resize(new TerminalSize(columns, rows));
        } catch (DecodeException | ClassCastException e) {
            throw badSize();
        }
    }

    private static ClientMessage acknowledge(Buffer message) {
        if (message.length() <= MAX_JSON) {
            try {
                Long offset = json(message).getLong("ack");
                if (offset != null && offset >= 0) {
                    return new Acknowledge(offset);
                }
            } catch (DecodeException | ClassCastException e) {
                // refused below
            }
        }
        throw new StreamRefused(CloseCode.POLICY_VIOLATION, "channel 5 takes {\"ack\":offset}");
    }

    private static JsonObject json(Buffer message) {
        return new JsonObject(message.slice(1, message.length()));
    }

    private static int size(@Nullable Object value) {
        if (value instanceof Integer number && number >= 0 && number <= 0xFFFF) {
            return number;
        }
        throw badSize();
    }

    private static StreamRefused badSize() {
        return new StreamRefused(
                CloseCode.POLICY_VIOLATION, "channel 4 takes {\"Width\":columns,\"Height\":rows}, each 0 to 65535");
    }
}
