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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Docker on the same machine, asked over its socket as Berth is over its own, as often before it is counted. It needs an
 * image that Docker has; the benchmark loads none.
 */
record Docker(Path socket, String image) {

    /** The programs that are its server. */
    static final Set<String> SERVERS = Set.of("dockerd", "containerd");

    private static final String SOCKET = "/var/run/docker.sock";
    private static final String UNIX = "unix://";
    private static final String IMAGE = "busybox";
    private static final int MAX_ANSWER = 1 << 20;

    /**
     * The Docker of this machine.
     *
     * @param host {@code DOCKER_HOST} as the Docker client reads it, null for the usual socket
     * @throws IOException saying what keeps it from being measured
     */
    static Docker find(@Nullable String host) throws IOException {
        if (host != null && !host.startsWith(UNIX)) {
            throw new IOException("DOCKER_HOST is " + host + ", not a socket of this machine");
        }
        Docker docker = new Docker(Path.of(host == null ? SOCKET : host.substring(UNIX.length())), IMAGE);
        if (!Files.exists(docker.socket())) {
            throw new IOException("there is no socket " + docker.socket());
        }
        String answer;
        try {
            answer = docker.ask("GET", "/images/" + IMAGE + "/json", "");
        } catch (IOException silent) {
            throw new IOException("it does not answer at " + docker.socket() + ": " + silent.getMessage(), silent);
        }
        if (answer.startsWith("HTTP/1.1 404")) {
            throw new IOException("it has no image " + IMAGE + ": docker pull " + IMAGE);
        }
        requireSuccess("GET", "/images/" + IMAGE + "/json", answer);
        return docker;
    }

    Samples createToRunning(int runs) throws Exception {
        double[] millis = new double[runs];
        for (int i = -Areas.WARM_UPS; i < runs; i++) {
            long start = System.nanoTime();
            String container = run();
            double time = (System.nanoTime() - start) / 1e6;
            if (i >= 0) {
                millis[i] = time;
            }
            remove(container);
        }
        return new Samples(millis);
    }

    Samples exec(int runs) throws Exception {
        String container = run();
        try {
            return Samples.time(Areas.WARM_UPS, runs, () -> runTrue(container));
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
            return Samples.time(Areas.ECHO_WARM_UPS, runs, () -> {
                stream.write("x");
                stream.read(1);
                return stream;
            });
        } finally {
            remove(container);
        }
    }

    /** MB/s of an exec's output: the middle of several, after one that is not counted. */
    Samples output() throws Exception {
        int blocks = Areas.FLOOD_BLOCKS;
        String container = run();
        double[] rates = new double[Areas.FLOODS];
        try {
            for (int i = -1; i < rates.length; i++) {
                String exec = create(
                        container, false, "read line; exec dd if=/dev/zero bs=65536 count=" + blocks + " 2>/dev/null");
                try (DockerStream stream = DockerStream.start(socket, exec, false)) {
                    long start = System.nanoTime();
                    stream.write("go\n");
                    stream.read(65_536L * blocks);
                    double rate = 65_536L * blocks / 1e6 / ((System.nanoTime() - start) / 1e9);
                    if (i >= 0) {
                        rates[i] = rate;
                    }
                }
            }
            return new Samples(rates);
        } finally {
            remove(container);
        }
    }

    /** Containers per second that are created, run a command to its end and removed, so many at a time. */
    double parallel(int each) throws Exception {
        return Parallel.rate(each, () -> {
            String container = run();
            runTrue(container);
            remove(container);
            return container;
        });
    }

    /** Starts idle containers, for {@link #removeCrowd}. */
    List<String> crowd(int count) throws IOException {
        List<String> crowd = new ArrayList<>();
        try {
            while (crowd.size() < count) {
                crowd.add(run());
            }
            return crowd;
        } catch (IOException e) {
            removeCrowd(crowd);
            throw e;
        }
    }

    void removeCrowd(List<String> crowd) throws IOException {
        for (String container : crowd) {
            remove(container);
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

    private String send(String method, String path, String body) throws IOException {
        String answer = ask(method, path, body);
        requireSuccess(method, path, answer);
        return answer;
    }

    private static void requireSuccess(String method, String path, String answer) throws IOException {
        if (!answer.startsWith("HTTP/1.1 2") && !answer.startsWith("HTTP/1.1 101")) {
            throw new IOException("Docker answered " + method + " " + path + " with "
                    + answer.lines().findFirst().orElse("nothing"));
        }
    }

    /** One request on one connection, whose end is the end of the answer. */
    private String ask(String method, String path, String body) throws IOException {
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
            return new String(in.array(), 0, in.position(), StandardCharsets.UTF_8);
        }
    }
}
