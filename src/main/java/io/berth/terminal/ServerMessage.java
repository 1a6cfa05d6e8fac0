package io.berth.terminal;

import io.berth.engine.Exit;
import io.berth.engine.OutputStreamKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Makes the messages the server sends. */
final class ServerMessage {

    private static final byte[] STDOUT = {Channel.STDOUT};
    private static final byte[] STDERR = {Channel.STDERR};

    private ServerMessage() {}

    /** The first message: tells the client that the process's output follows. */
    static Buffer opened() {
        return Buffer.buffer(STDOUT.clone());
    }

    /** Output, without copying it: the bytes must not change until the message is sent. */
    static Buffer output(OutputRing.Slice slice) {
        ByteBuf channel = Unpooled.wrappedBuffer(slice.kind() == OutputStreamKind.STDOUT ? STDOUT : STDERR);
        return Buffer.buffer(
                Unpooled.wrappedBuffer(channel, Unpooled.wrappedBuffer(slice.array(), slice.from(), slice.length())));
    }

    /** How the process ended, as Kubernetes' {@code metav1.Status}. */
    static Buffer status(Exit exit) {
        JsonObject status = new JsonObject().put("metadata", new JsonObject());
        if (exit.code() == 0) {
            status.put("status", "Success");
        } else {
            JsonObject cause = new JsonObject().put("reason", "ExitCode").put("message", Integer.toString(exit.code()));
            status.put("status", "Failure")
                    .put("message", "command terminated with non-zero exit code: " + exit.code())
                    .put("reason", "NonZeroExitCode")
                    .put("details", new JsonObject().put("causes", new JsonArray().add(cause)));
        }
        return json(Channel.STATUS, status);
    }

    /**
     * The next output byte is that of {@code offset}; {@code lost} bytes that were wanted before it are gone, and up to {@code end}
     * they are a replay.
     */
    static Buffer position(long offset, long lost, long end) {
        return json(
                Channel.NOTICE,
                new JsonObject().put("offset", offset).put("lost", lost).put("end", end));
    }

    static Buffer role(Role role) {
        return json(Channel.NOTICE, new JsonObject().put("role", role.wireName()));
    }

    /** How many clients the process has now, this one included, and who they are. */
    static Buffer presence(Presence presence) {
        JsonArray attached = new JsonArray();
        for (Participant each : presence.attached()) {
            attached.add(new JsonObject()
                    .put("name", each.name())
                    .put("role", each.role().wireName())
                    .put("you", each.you()));
        }
        return json(
                Channel.NOTICE,
                new JsonObject().put("clients", presence.clients()).put("attached", attached));
    }

    private static Buffer json(int channel, JsonObject json) {
        return Buffer.buffer().appendByte((byte) channel).appendBuffer(json.toBuffer());
    }
}
