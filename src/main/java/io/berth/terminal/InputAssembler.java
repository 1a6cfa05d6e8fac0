package io.berth.terminal;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/** Puts a client's frames together to messages, within a bound. */
final class InputAssembler {

    private final long bound;
    private StreamProtocol protocol = StreamProtocol.V4;
    private @Nullable Buffer begun;

    InputAssembler(long bound) {
        this.bound = bound;
    }

    void speak(StreamProtocol chosen) {
        protocol = chosen;
    }

    /**
     * @return the message this frame completes, or null
     * @throws StreamRefused for text, for too much, and for what {@link ClientMessage#decode} refuses
     */
    @Nullable
    ClientMessage add(WebSocketFrame frame) {
        if (frame.isText()) {
            throw new StreamRefused(
                    CloseCode.UNSUPPORTED_DATA, "every message must be binary, its first byte a channel");
        }
        if (!frame.isBinary() && !frame.isContinuation()) {
            return null;
        }
        Buffer part = frame.binaryData();
        Buffer before = begun;
        if (part.length() + (before == null ? 0L : before.length()) > bound) {
            throw new StreamRefused(CloseCode.TOO_BIG, "a message may have at most " + bound + " bytes");
        }
        if (before == null && frame.isFinal()) {
            return ClientMessage.decode(protocol, part);
        }
        Buffer whole = before == null ? Buffer.buffer() : before;
        whole.appendBuffer(part);
        begun = frame.isFinal() ? null : whole;
        return frame.isFinal() ? ClientMessage.decode(protocol, whole) : null;
    }
}
