package io.berth.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The stream of a Docker exec: the connection that its start was asked on, which Docker takes over ("hijacks").
 *
 * @see <a href="https://docs.docker.com/reference/api/engine/">Docker Engine API</a>
 */
final class DockerStream implements AutoCloseable {

    private static final int PIECE = 1 << 20;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(PIECE);

    private DockerStream(SocketChannel channel) {
        this.channel = channel;
    }

    /** Starts the exec. Blocks until Docker has taken the connection over. */
    static DockerStream start(Path socket, String exec, boolean tty) throws IOException {
        String body = "{\"Detach\":false,\"Tty\":" + tty + "}";
        String request =
                "POST /exec/" + exec + "/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        DockerStream stream = new DockerStream(channel);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            stream.write(request);
            String head = stream.head();
            if (!head.startsWith("HTTP/1.1 101")) {
                throw new IOException("Docker did not hand the stream over: "
                        + head.lines().findFirst().orElse("nothing"));
            }
            return stream;
        } catch (IOException e) {
            try (stream) {
                throw e;
            }
        }
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new EOFException("Docker closed the connection");
            }
            head.append((char) one.get(0));
        }
        return head.toString();
    }

    void write(String text) throws IOException {
        ByteBuffer out = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (out.hasRemaining()) {
            channel.write(out);
        }
    }

    /** Blocks until at least so many bytes have come, Docker's frames among them. */
    void read(long atLeast) throws IOException {
        for (long got = 0; got < atLeast; got += in.position()) {
            in.clear();
            if (channel.read(in) < 0) {
                throw new EOFException("the exec ended early");
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
