package io.berth.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Docker on the same machine, asked over its socket as Berth is over its own. It needs an image that Docker has; the
 * benchmark loads none.
 */
record Docker(Path socket, String image) {

    private static final Path SOCKET = Path.of("/var/run/docker.sock");
    private static final int MAX_ANSWER = 1 << 20;

    /** The Docker of this machine, if it answers and has a busybox image. */
    static Optional<Docker> find() {
        if (!Files.exists(SOCKET)) {
            return Optional.empty();
        }
        try {
            Docker docker = new Docker(SOCKET, "busybox");
            docker.send("GET", "/images/busybox/json", "");
            return Optional.of(docker);
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    Samples createToRunning(int runs) throws Exception {
        double[] millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            String container = run();
            millis[i] = (System.nanoTime() - start) / 1e6;
            remove(container);
        }
        return new Samples(millis);
    }

    Samples exec(int runs) throws Exception {
        String container = run();
        try {
            return Samples.time(3, runs, () -> {
                String exec = id(send(
                        "POST",
                        "/containers/" + container + "/exec",
                        "{\"AttachStdout\":true,\"AttachStderr\":true,\"Cmd\":[\"true\"]}"));
                return send("POST", "/exec/" + exec + "/start", "{}");
            });
        } finally {
            remove(container);
        }
    }

    private String run() throws IOException {
        String container =
                id(send("POST", "/containers/create", "{\"Image\":\"" + image + "\",\"Cmd\":[\"sleep\",\"100000\"]}"));
        send("POST", "/containers/" + container + "/start", "");
        return container;
    }

    private void remove(String container) throws IOException {
        send("DELETE", "/containers/" + container + "?force=true", "");
    }

    private static String id(String answer) throws IOException {
        int key = answer.indexOf("\"Id\":\"");
        if (key < 0) {
            throw new IOException("Docker answered without an id: " + answer);
        }
        int start = key + "\"Id\":\"".length();
        return answer.substring(start, answer.indexOf('"', start));
    }

    /** One request on one connection, whose end is the end of the answer. */
    private String send(String method, String path, String body) throws IOException {
        String request = method + " " + path + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer out = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            ByteBuffer in = ByteBuffer.allocate(MAX_ANSWER);
            while (in.hasRemaining() && channel.read(in) >= 0) {
                // until the server closes
            }
            String answer = new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 2") && !answer.startsWith("HTTP/1.1 101")) {
                throw new IOException("Docker answered " + method + " " + path + " with "
                        + answer.lines().findFirst().orElse("nothing"));
            }
            return answer;
        }
    }
}
