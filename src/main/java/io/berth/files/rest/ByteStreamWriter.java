package io.berth.files.rest;

import io.berth.files.ByteStream;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerHttpResponse;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/**
 * Sends a {@link ByteStream}: a piece is read, on a worker, when the one before has left. A client that is slow costs a piece and no
 * thread. What fails after the answer has begun breaks it off, so that a part is never taken for the whole.
 */
@Provider
public class ByteStreamWriter implements ServerMessageBodyWriter<ByteStream> {

    private static final Logger LOG = Logger.getLogger(ByteStreamWriter.class);
    private static final int PIECE = 128 << 10;

    @Override
    public boolean isWriteable(Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType media) {
        return ByteStream.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return ByteStream.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            ByteStream stream,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream output)
            throws IOException {
        throw new UnsupportedOperationException("streams are written by writeResponse");
    }

    @Override
    public void writeResponse(ByteStream stream, Type generic, ServerRequestContext context) {
        ResteasyReactiveRequestContext request = (ResteasyReactiveRequestContext) context;
        ServerHttpResponse response = context.serverResponse();
        request.suspend();
        if (stream.length() >= 0) {
            response.setResponseHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(stream.length()));
        } else {
            response.setChunked(true);
        }
        Sending sending = new Sending(stream, request, response);
        if (request.getMethod().equals("HEAD")) {
            sending.end();
        } else {
            sending.more();
        }
    }

    private static final class Sending {

        private final ByteStream stream;
        private final ResteasyReactiveRequestContext request;
        private final ServerHttpResponse response;

        /** One for all pieces, which follow each other: only the garbage collector would free more. */
        private final ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);

        Sending(ByteStream stream, ResteasyReactiveRequestContext request, ServerHttpResponse response) {
            this.stream = stream;
            this.request = request;
            this.response = response;
        }

        void more() {
            Infrastructure.getDefaultWorkerPool().execute(this::piece);
        }

        private void piece() {
            try {
                if (stream.read(buffer.clear()) < 0) {
                    end();
                    return;
                }
                byte[] bytes = new byte[buffer.flip().remaining()];
                buffer.get(bytes);
                var unused = response.write(bytes).whenComplete((done, failure) -> {
                    if (failure == null) {
                        more();
                    } else {
                        // the client has gone; this is an event loop, and the end of a mount may write to the disk
                        Infrastructure.getDefaultWorkerPool().execute(this::giveUp);
                    }
                });
            } catch (IOException | RuntimeException e) {
                LOG.debug("a download breaks off", e);
                stream.close();
                response.reset();
                request.resume();
            }
        }

        private void giveUp() {
            stream.close();
            request.resume();
        }

        void end() {
            stream.close();
            response.end();
            request.resume();
        }
    }
}
