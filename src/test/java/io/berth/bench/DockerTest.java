package io.berth.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether there is a Docker to be measured, and what is said if not. */
class DockerTest {

    @TempDir
    Path directory;

    @Test
    void saysThatThereIsNone() {
        Path socket = directory.resolve("none.sock");
        assertThatIOException().isThrownBy(() -> find(socket)).withMessage("there is no socket " + socket);
        assertThatIOException()
                .isThrownBy(() -> Docker.find("tcp://127.0.0.1:2375"))
                .withMessage("DOCKER_HOST is tcp://127.0.0.1:2375, not a socket of this machine");
    }

    @Test
    void saysThatNobodyAnswers() throws IOException {
        Path socket = directory.resolve("left.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        assertThatIOException()
                .isThrownBy(() -> find(socket))
                .withMessage("it does not answer at " + socket + ": Connection refused");
    }

    @Test
    void saysThatItHasNoImage() throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            answerNext(server, "404 Not Found");
            assertThatIOException()
                    .isThrownBy(() -> find(socket))
                    .withMessage("it has no image busybox: docker pull busybox");
            answerNext(server, "500 Internal Server Error");
            assertThatIOException()
                    .isThrownBy(() -> find(socket))
                    .withMessage("Docker answered GET /images/busybox/json with HTTP/1.1 500 Internal Server Error");
            answerNext(server, "200 OK");
            assertThat(find(socket).socket()).isEqualTo(socket);
        }
    }

    private static Docker find(Path socket) throws IOException {
        return Docker.find("unix://" + socket);
    }

    private static void answerNext(ServerSocketChannel server, String status) {
        var unused = CompletableFuture.runAsync(() -> {
            try (SocketChannel client = server.accept()) {
                client.read(ByteBuffer.allocate(4096));
                client.write(ByteBuffer.wrap(("HTTP/1.1 " + status + "\r\n\r\n{}").getBytes(StandardCharsets.UTF_8)));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
