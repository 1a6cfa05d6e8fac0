package io.berth.images.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.Zstd;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.engine.HostLayout;
import io.berth.engine.syscall.JnrSyscalls;
import io.berth.images.Digest;
import io.berth.images.ImageContent;
import io.berth.images.ResolvedImage;
import io.berth.images.content.ContentLimits;
import io.berth.images.content.ContentStore;
import io.berth.images.content.TarBuilder;
import io.berth.testing.RequiresRoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
@NullUnmarked
class ArchiveImportIT {

    private final byte[] base =
            new TarBuilder().directory("bin", 0755).file("bin/sh", "#!").build();
    private final byte[] above =
            new TarBuilder().file("bin/.wh.sh", "").file("srv/app", "1").build();

    @TempDir
    Path data;

    private HostLayout layout;
    private ContentStore store;

    @BeforeEach
    void open() throws IOException {
        layout = new HostLayout(data, data.resolve("run"), "abcdef");
        store = ContentStore.open(layout, new JnrSyscalls(), ContentLimits.DEFAULT);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void importsADockerArchive() throws IOException {
        ImageContent image = load(DockerArchive.docker(base, above));

        ResolvedImage resolved = image.resolve("a:b", store);
        assertThat(resolved.layers())
                .hasSize(2)
                .allSatisfy(layer -> assertThat(layer).isDirectory());
        assertThat(resolved.layers().get(0).resolve("bin/sh")).hasContent("#!");
        assertThat(resolved.layers().get(1).resolve("srv/app")).hasContent("1");
        assertThat(resolved.config().user()).isEqualTo("1000");
        assertThat(resolved.config().entrypoint()).containsExactly("/bin/sh");
        assertThat(resolved.config().labels()).containsEntry("k", "v");
    }

    @Test
    void importsAnOciArchivePackedWithZstdAndKeepsItsDigest() throws IOException {
        byte[] config = DockerArchive.config(Digest.of(base));
        byte[] archive = DockerArchive.oci(config, base, base);

        ImageContent first = load(Zstd.compress(archive));
        ImageContent again = load(archive);

        assertThat(again.digest()).isEqualTo(first.digest());
        assertThat(first.diffIds()).containsExactly(Digest.of(base));
    }

    @Test
    void importsARootFileSystemPackedWithGzip() throws IOException {
        ImageContent image = load(gzip(base));

        assertThat(image.diffIds()).containsExactly(Digest.of(base));
        assertThat(image.config().toConfig().command()).containsExactly("sh");
        assertThat(store.layer(Digest.of(base)).resolve("bin/sh")).hasContent("#!");
    }

    @Test
    void usesALayerThatOccursTwiceOnce() throws IOException {
        assertThat(load(DockerArchive.docker(base, above, base))
                        .resolve("x", store)
                        .layers())
                .containsExactly(store.layer(Digest.of(above)), store.layer(Digest.of(base)));
    }

    @Test
    void refusesWhatIsNoArchive() {
        refuses(DockerArchive.bytes("hello"), ErrorCode.INVALID_ARCHIVE, "cut off");
        refuses(new byte[0], ErrorCode.INVALID_ARCHIVE, "cut off");
        refuses(DockerArchive.bytes("hello".repeat(1000)), ErrorCode.INVALID_ARCHIVE, "not a tar header");
        refuses(new TarBuilder().build(), ErrorCode.INVALID_ARCHIVE, "empty");
        refuses(
                new TarBuilder().file("manifest.json", "{\"a\":1}").build(),
                ErrorCode.INVALID_ARCHIVE,
                "manifest.json of the docker archive is not usable");
    }

    @Test
    void refusesATruncatedArchive() throws IOException {
        byte[] whole = DockerArchive.docker(base, above);
        refuses(Arrays.copyOf(whole, whole.length / 2), ErrorCode.INVALID_ARCHIVE, "cut off");
        byte[] packed = gzip(whole);
        refuses(Arrays.copyOf(packed, packed.length / 2), ErrorCode.INVALID_ARCHIVE, "damaged gzip");
    }

    @Test
    void refusesLayersThatLie() {
        byte[] wrongDiffId = DockerArchive.config(Digest.of(above));
        refuses(
                DockerArchive.dockerWith(wrongDiffId, base),
                ErrorCode.DIGEST_MISMATCH,
                Digest.of(base).toString());

        byte[] config = DockerArchive.config(Digest.of(base));
        byte[] otherBytes = base.clone();
        otherBytes[600] ^= 1;
        refuses(
                DockerArchive.oci(config, base, otherBytes),
                ErrorCode.DIGEST_MISMATCH,
                Digest.of(base).toString());
        refuses(DockerArchive.oci(config, base, DockerArchive.bytes("short")), ErrorCode.DIGEST_MISMATCH, "bytes");
        refuses(
                DockerArchive.dockerWith(config, base, above),
                ErrorCode.INVALID_IMAGE,
                "2 layers, its configuration 1");
    }

    @Test
    void refusesAMissingLayerThoughAnotherImportStoredIt() throws IOException {
        load(DockerArchive.docker(base));
        byte[] archive = new TarBuilder()
                .file("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[\"gone/layer.tar\"]}]")
                .file("c.json", 0644, DockerArchive.config(Digest.of(base)))
                .build();

        refuses(archive, ErrorCode.INVALID_ARCHIVE, "gone/layer.tar");
    }

    @Test
    void doesNotGiveALayerForAnyBlobThatClaimsToBeIt() throws IOException {
        load(DockerArchive.docker(base));

        refuses(
                DockerArchive.dockerWith(DockerArchive.config(Digest.of(base)), above),
                ErrorCode.DIGEST_MISMATCH,
                Digest.of(base).toString());
        assertThat(store.hasLayer(Digest.of(base))).isTrue();
    }

    @Test
    void leavesNothingOfAFailedImportAndAllOfAnEarlierOne() throws IOException {
        byte[] evil =
                new TarBuilder().file("ok", "x").device('4', "dev/sda", 8, 0).build();
        load(DockerArchive.docker(base));
        List<Path> before = content();

        refuses(DockerArchive.docker(base, above, evil), ErrorCode.INVALID_IMAGE, "dev/sda");

        await().untilAsserted(() -> assertThat(content()).isEqualTo(before));
    }

    @Test
    void unpacksALayerOnceForManyImportsAtATime() throws IOException {
        byte[] random = new byte[1 << 20];
        new Random(1).nextBytes(random);
        byte[] layer = new TarBuilder().file("big", 0644, random).build();
        byte[] archive = DockerArchive.docker(layer, base);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Stream<CompletableFuture<ImageContent>> imports = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> uncheckedLoad(archive), threads));
            assertThat(imports.toList().stream()
                            .map(CompletableFuture::join)
                            .map(ImageContent::digest)
                            .distinct())
                    .hasSize(1);
        } finally {
            threads.shutdownNow();
        }
        try (Stream<Path> layers = Files.list(layout.layers())) {
            assertThat(layers).hasSize(2);
        }
    }

    @Test
    void removesWhatACrashLeft() throws IOException {
        load(DockerArchive.docker(base));
        List<Path> before = content();
        Path half = Files.createDirectories(layout.layers().resolve(".tmp-half/sub"));
        Files.writeString(half.resolve("file"), "x");
        Files.writeString(data.resolve("content/ingest/blob-1.tmp"), "x");

        ContentStore.open(layout, new JnrSyscalls(), ContentLimits.DEFAULT).close();

        assertThat(content()).isEqualTo(before);
    }

    private ImageContent load(byte[] archive) throws IOException {
        return WholeImport.load(store, archive);
    }

    private ImageContent uncheckedLoad(byte[] archive) {
        try {
            return load(archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void refuses(byte[] archive, ErrorCode code, String message) {
        assertThatThrownBy(() -> load(archive))
                .isInstanceOfSatisfying(
                        BerthException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    private List<Path> content() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("content"))) {
            return files.sorted().toList();
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }
}
