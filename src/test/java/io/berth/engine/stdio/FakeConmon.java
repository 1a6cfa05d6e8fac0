package io.berth.engine.stdio;

import io.berth.engine.OutputStreamKind;
import io.berth.engine.syscall.SeqpacketServer;
import io.berth.engine.syscall.SeqpacketServer.Connection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does with output what conmon does, in the same order and on one thread: accepts connections, writes a chunk to the log,
 * then sends it to each connection, waiting for each.
 */
final class FakeConmon implements AutoCloseable {

    static final int CHUNK = 8192;

    private final SeqpacketServer server;
    private final FakeConmonLog log;
    private final List<Connection> connections = new ArrayList<>();
    /** Runs between the log and the sockets. */
    Runnable heldUp = () -> {};

    FakeConmon(ContainerLog log, Path bundle, long sizeMax) throws IOException {
        this.server = new SeqpacketServer(bundle.resolve("attach"));
        this.log = new FakeConmonLog(log, sizeMax);
    }

    void accept() {
        Connection connection;
        while ((connection = server.accept()) != null) {
            connections.add(connection);
        }
    }

    void emit(OutputStreamKind kind, byte[] chunk) throws IOException {
        accept();
        emitToAccepted(kind, chunk);
    }

    /** As when a connection is asked for while a chunk is under way. */
    void emitToAccepted(OutputStreamKind kind, byte[] chunk) throws IOException {
        log.write(kind, chunk);
        heldUp.run();
        byte[] message = new byte[chunk.length + 1];
        message[0] = (byte) (kind == OutputStreamKind.STDOUT ? 2 : 3);
        System.arraycopy(chunk, 0, message, 1, chunk.length);
        connections.removeIf(connection -> {
            boolean gone = !connection.send(message);
            if (gone) {
                connection.close();
            }
            return gone;
        });
    }

    /** A message to the process's input, empty at its end. */
    byte @Nullable [] receive() {
        accept();
        return connections.isEmpty() ? null : connections.get(0).receive();
    }

    @Override
    public void close() throws IOException {
        accept();
        connections.forEach(Connection::close);
        server.close();
        log.close();
    }
}
