package io.berth.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;

/**
 * A client of an attach WebSocket (RFC 6455) that writes to stdin and counts what comes on stdout. It reads frames from a socket
 * of its own and looks at their heads alone, as {@link DockerStream} does with Docker's: a client for all purposes costs as
 * much as the server that is measured, and on the same cores.
 */
final class Stream implements AutoCloseable {

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STATUS = 3;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    /** A frame of more than this has its length in further bytes. */
    private static final int SHORT = 125;

    private static final int MASK_BYTES = 4;
    private static final int MOST_HEAD = 8 << 10;
    private static final int BUFFER = 256 << 10;
    private static final int DEADLINE_SECONDS = 60;

    private final SecureRandom random = new SecureRandom();
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int filled;

    private int channel;
    private long received;
    private boolean ended;

    private Stream(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Blocks until the server has opened the WebSocket. */
    static Stream open(Api api, URI address) throws IOException {
        boolean secure = address.getScheme().equals("wss");
        int port = address.getPort() >= 0 ? address.getPort() : secure ? 443 : 80;
        Socket socket = secure
                ? SSLSocketFactory.getDefault().createSocket(address.getHost(), port)
                : new Socket(address.getHost(), port);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
            Stream stream = new Stream(socket);
            stream.shakeHands(api.authorization(), address);
            return stream;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void shakeHands(String authorization, URI address) throws IOException {
        String key = Base64.getEncoder().encodeToString(random(16));
        out.write(String.join(
                        "\r\n",
                        "GET " + address.getRawPath() + " HTTP/1.1",
                        "Host: " + address.getRawAuthority(),
                        "Upgrade: websocket",
                        "Connection: Upgrade",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: " + key,
                        "Sec-WebSocket-Protocol: v5.channel.k8s.io",
                        "Authorization: " + authorization,
                        "",
                        "")
                .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) read());
            if (head.length() > MOST_HEAD) {
                throw new IOException("the answer to the upgrade has no end");
            }
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("the WebSocket was not opened: "
                    + head.toString().lines().findFirst().orElse("nothing"));
        }
    }

    void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] message = new byte[bytes.length + 1];
        message[0] = STDIN;
        System.arraycopy(bytes, 0, message, 1, bytes.length);
        send(BINARY, message);
    }

    /** A client masks what it sends (section 5.3). */
    private void send(int opcode, byte[] payload) throws IOException {
        if (payload.length > SHORT) {
            throw new IllegalArgumentException("only short messages are sent");
        }
        byte[] mask = random(MASK_BYTES);
        byte[] frame = new byte[2 + MASK_BYTES + payload.length];
        frame[0] = (byte) (FINAL | opcode);
        frame[1] = (byte) (MASKED | payload.length);
        System.arraycopy(mask, 0, frame, 2, MASK_BYTES);
        for (int i = 0; i < payload.length; i++) {
            frame[2 + MASK_BYTES + i] = (byte) (payload[i] ^ mask[i % MASK_BYTES]);
        }
        out.write(frame);
    }

    private byte[] random(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Bytes of stdout so far. */
    long received() {
        return received;
    }

    /** Blocks until so many bytes have come, all in all. */
    void awaitReceived(long bytes) throws IOException {
        while (received < bytes) {
            if (ended) {
                throw new IOException("the stream ended after " + received + " bytes of " + bytes);
            }
            readFrame();
        }
    }

    /** Blocks until the process has ended and all its output has come. */
    void awaitEnd() throws IOException {
        while (!ended) {
            readFrame();
        }
    }

    /** Reads one frame. A message may come in several; its first byte is the channel. */
    private void readFrame() throws IOException {
        int opcode = read() & OPCODE;
        long length = read();
        if (length > SHORT) {
            int bytes = length == SHORT + 1 ? Short.BYTES : Long.BYTES;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << Byte.SIZE | read();
            }
        }
        switch (opcode) {
            case BINARY, CONTINUATION -> readOutput(opcode, length);
            case PING -> send(PONG, take(length));
            case CLOSE ->
                throw new IOException(
                        "the server closed the WebSocket: " + new String(take(length), StandardCharsets.ISO_8859_1));
            default -> skip(length);
        }
    }

    private void readOutput(int opcode, long frame) throws IOException {
        long length = frame;
        if (opcode == BINARY && length > 0) {
            channel = read();
            length--;
        }
        skip(length);
        if (channel == STDOUT) {
            received += length;
        } else if (channel == STATUS) {
            ended = true;
        }
    }

    private int read() throws IOException {
        if (next == filled) {
            fill();
        }
        return Byte.toUnsignedInt(buffer[next++]);
    }

    private void skip(long length) throws IOException {
        for (long left = length; left > 0; ) {
            if (next == filled) {
                fill();
            }
            int step = (int) Math.min(left, filled - next);
            next += step;
            left -= step;
        }
    }

    /** The payload of a control frame, which is short. */
    private byte[] take(long length) throws IOException {
        byte[] payload = new byte[(int) Math.min(length, SHORT)];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) read();
        }
        return payload;
    }

    private void fill() throws IOException {
        filled = Math.max(0, in.read(buffer));
        next = 0;
        if (filled == 0) {
            throw new EOFException("the server ended the connection");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
