package io.berth.bench;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
            return Samples.time(3, runs, () -> runTrue(container));
        } finally {
            remove(container);
        }
    }

    /** As {@link Areas#echo}. */
    Samples echo(int runs) throws Exception {
        String container = run();
        try (DockerStream stream =
                DockerStream.start(socket, create(container, true, "stty raw -echo; printf r; exec cat"), true)) {
            stream.read(1);
            return Samples.time(200, runs, () -> {
                stream.write("x");
                stream.read(1);
                return stream;
            });
        } finally {
            remove(container);
        }
    }

    /** MB/s of an exec's output: the middle of several. */
    Samples output(int blocks, int floods) throws Exception {
        String container = run();
        double[] rates = new double[floods];
        try {
            for (int i = 0; i < floods; i++) {
                String exec = create(
                        container, false, "read line; exec dd if=/dev/zero bs=65536 count=" + blocks + " 2>/dev/null");
                try (DockerStream stream = DockerStream.start(socket, exec, false)) {
                    long start = System.nanoTime();
                    stream.write("go\n");
                    stream.read(65_536L * blocks);
                    rates[i] = 65_536L * blocks / 1e6 / ((System.nanoTime() - start) / 1e9);
                }
            }
            return new Samples(rates);
        } finally {
            remove(container);
        }
    }

    /** Containers per second that are created, run a command to its end and removed, so many at a time. */
    double parallel(int clients, int each) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(clients);
        long start = System.nanoTime();
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                all.add(executor.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        String container = run();
                        runTrue(container);
                        remove(container);
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
            return clients * each / ((System.nanoTime() - start) / 1e9);
        } finally {
            executor.shutdownNow();
        }
    }

    private String create(String container, boolean tty, String script) throws IOException {
        return id(send(
                "POST",
                "/containers/" + container + "/exec",
                "{\"AttachStdin\":true,\"AttachStdout\":true,\"Tty\":" + tty + ",\"Cmd\":[\"sh\",\"-c\",\"" + script
                        + "\"]}"));
    }

    private String run() throws IOException {
        String container =
                id(send("POST", "/containers/create", "{\"Image\":\"" + image + "\",\"Cmd\":[\"sleep\",\"100000\"]}"));
        send("POST", "/containers/" + container + "/start", "");
        return container;
    }

    private String runTrue(String container) throws IOException {
        String exec = id(send(
                "POST",
                "/containers/" + container + "/exec",
                "{\"AttachStdout\":true,\"AttachStderr\":true,\"Cmd\":[\"true\"]}"));
        return send("POST", "/exec/" + exec + "/start", "{}");
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
