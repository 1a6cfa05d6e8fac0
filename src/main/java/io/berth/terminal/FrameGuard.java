package io.berth.terminal;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket08FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads a client's frames, and hands a broken or too large one over as a refusal. Netty itself would close the connection
 * at once; since the client is still sending, the kernel would then reset it, and the client would hardly ever see the close
 * code. Here the rest of what it sends is thrown away instead until it has read the code and closes. Nothing is buffered: the
 * header of a frame tells its size.
 */
final class FrameGuard extends WebSocket13FrameDecoder {

    private final Consumer<StreamRefused> refuse;
    private boolean refused;

    private FrameGuard(int mostBytes, Consumer<StreamRefused> refuse) {
        super(WebSocketDecoderConfig.newBuilder()
                .maxFramePayloadLength(mostBytes)
                .expectMaskedFrames(true)
                .allowExtensions(false)
                .closeOnProtocolViolation(false)
                .build());
        this.refuse = refuse;
    }

    /** Takes the place of the decoder that the upgrade has installed. On the connection's event loop, before anything is read. */
    static void install(HttpConnection connection, int mostBytes, Consumer<StreamRefused> refuse) {
        ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
        WebSocket08FrameDecoder installed = pipeline.get(WebSocket08FrameDecoder.class);
        if (installed != null) {
            pipeline.replace(installed, "stream-frames", new FrameGuard(mostBytes, refuse));
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            super.decode(context, in, out);
        } catch (CorruptedWebSocketFrameException broken) {
            refused = true;
            in.skipBytes(in.readableBytes());
            boolean tooBig = broken.closeStatus().code() == CloseCode.TOO_BIG.value();
            refuse.accept(
                    tooBig
                            ? new StreamRefused(CloseCode.TOO_BIG, "a frame is too large: send smaller messages")
                            : new StreamRefused(CloseCode.PROTOCOL_ERROR, "this is not a WebSocket frame"));
        }
    }
}
