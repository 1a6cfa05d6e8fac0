package io.berth.images.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Subprocess;
import io.berth.engine.HostLayout;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.images.ImageContent;
import io.berth.images.ImageReference;
import io.berth.images.ImageService.PullProgress;
import io.berth.images.archive.DockerArchive;
import io.berth.images.content.ContentLimits;
import io.berth.images.content.ContentStore;
import io.berth.images.content.Ingest;
import io.berth.images.content.TarBuilder;
import io.berth.images.oci.Platform;
import io.berth.testing.RequiresProgram;
import io.berth.testing.RequiresRoot;
import io.berth.testing.SmallDisk;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from Debian's docker-registry, which skopeo has filled. */
@RequiresRoot
@RequiresProgram({"docker-registry", "skopeo"})
@NullUnmarked
class RegistryPullIT {

    @TempDir
    static Path temporary;

    private static Process registry;
    private static int port;
    private static Vertx vertx;
    private static RegistryHttp http;
    private static ContentStore store;

    @BeforeAll
    static void startRegistry() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = temporary.resolve("registry.yml");
        Files.writeString(
                config,
                String.format(
                        "version: 0.1%nlog: {level: error}%nstorage: {filesystem: {rootdirectory: %s}}%n"
                                + "http: {addr: '127.0.0.1:%d'}%n",
                        temporary.resolve("registry"), port));
        registry = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("registry.log").toFile())
                .start();
        await().until(RegistryPullIT::answers);
        byte[] base = new TarBuilder().file("etc/os-release", "ID=test").build();
        byte[] above =
                new TarBuilder().file("etc/.wh.os-release", "").file("app", "2").build();
        Path archive = Files.write(temporary.resolve("image.tar"), DockerArchive.docker(base, above));
        for (String format : List.of("v2s2", "oci")) {
            copy("--format", format, "docker-archive:" + archive, "docker://127.0.0.1:" + port + "/team/app:" + format);
        }
        vertx = Vertx.vertx();
        http = http(List.of("127.0.0.1:" + port));
        HostLayout layout = new HostLayout(temporary.resolve("data"), temporary.resolve("run"), "abcdef");
        store = ContentStore.open(layout, new JnrSyscalls(), ContentLimits.DEFAULT);
    }

    @AfterAll
    static void stopRegistry() throws InterruptedException {
        if (store != null) {
            store.close();
            http.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        registry.destroy();
        if (!registry.waitFor(10, TimeUnit.SECONDS)) {
            registry.destroyForcibly();
        }
    }

    @Test
    void pullsByTagInBothFormats() throws IOException {
        for (String tag : List.of("v2s2", "oci")) {
            ImageContent image = pull("team/app:" + tag);

            assertThat(image.manifest().layers()).hasSize(2);
            assertThat(image.resolve("x", store).layers().get(1).resolve("app")).hasContent("2");
        }
    }

    @Test
    void pullsByDigest() throws IOException {
        ImageContent image = pull("team/app:oci");

        assertThat(pull("team/app@" + image.digest()).digest()).isEqualTo(image.digest());
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> pull("team/app:none"))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_NOT_FOUND))
                .hasMessageContaining("none");
    }

    @Test
    void doesNotPullFromLoopbackUnlessConfigured() {
        try (RegistryHttp unconfigured = http(List.of());
                Ingest ingest = store.ingest()) {
            assertThatThrownBy(() -> pull("team/app:oci", unconfigured, ingest))
                    .isInstanceOfSatisfying(
                            BerthException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.REGISTRY_ADDRESS_REFUSED));
        }
    }

    @Test
    void leavesNothingOfWhatDoesNotFit() throws IOException {
        Path data = Files.createDirectory(temporary.resolve("small"));
        try (SmallDisk disk = SmallDisk.mount(data);
                ContentStore small = ContentStore.open(
                        new HostLayout(data, temporary.resolve("run"), "abcdef"),
                        new JnrSyscalls(),
                        ContentLimits.DEFAULT)) {
            List<Path> before = content(data);
            for (SmallDisk.Room room : SmallDisk.Room.values()) {
                for (int some = 0; some < 4; some++) {
                    disk.leave(room, some);
                    try (Ingest ingest = small.ingest()) {
                        assertThatThrownBy(() -> pull("team/app:oci", http, ingest))
                                .isInstanceOfSatisfying(
                                        BerthException.class,
                                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SPACE));
                    }
                    disk.leavePlenty();
                    await().untilAsserted(() -> assertThat(content(data)).isEqualTo(before));
                }
            }
            try (Ingest ingest = small.ingest()) {
                assertThat(pull("team/app:oci", http, ingest).manifest().layers())
                        .hasSize(2);
            }
        }
    }

    private static List<Path> content(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.sorted().toList();
        }
    }

    private static ImageContent pull(String name) throws IOException {
        try (Ingest ingest = store.ingest()) {
            ImageContent image = pull(name, http, ingest);
            ingest.commit();
            return image;
        }
    }

    private static ImageContent pull(String name, RegistryHttp through, Ingest ingest) throws IOException {
        ImageReference reference = ImageReference.parse("127.0.0.1:" + port + "/" + name);
        return new ImagePuller(ContentLimits.DEFAULT, Platform.ofHost())
                .pull(new RegistrySession(through, reference, null), reference, ingest, PullProgress.NONE);
    }

    private static RegistryHttp http(List<String> allowed) {
        RegistryAddresses addresses =
                new RegistryAddresses(allowed, List.of("127.0.0.1:" + port), InetAddress::getAllByName);
        return new RegistryHttp(vertx, addresses, Duration.ofSeconds(20));
    }

    private static boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void copy(String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("skopeo", "--insecure-policy", "copy", "--quiet", "--dest-tls-verify=false"));
        command.addAll(List.of(arguments));
        Subprocess.run(Duration.ofMinutes(1), command).orThrow();
    }
}
