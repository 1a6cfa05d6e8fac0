package io.berth.images.archive;

import io.berth.images.Digest;
import io.berth.images.content.TarBuilder;
import io.berth.images.oci.Descriptor;
import io.berth.images.oci.ImageConfigFile;
import io.berth.images.oci.Manifest;
import io.berth.images.oci.MediaTypes;
import io.berth.images.oci.OciJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Archives of images with the given layers, as docker save and skopeo write them. */
public final class DockerArchive {

    private DockerArchive() {}

    public static byte[] config(Digest... diffIds) {
        return OciJson.write(new ImageConfigFile(
                null,
                null,
                "linux",
                new ImageConfigFile.Execution(
                        "1000",
                        null,
                        List.of("A=b"),
                        List.of("/bin/sh"),
                        List.of("-c"),
                        "/srv",
                        Map.of("k", "v"),
                        null,
                        null,
                        null),
                new ImageConfigFile.Rootfs("layers", List.of(diffIds))));
    }

    public static byte[] docker(byte[]... layers) {
        byte[] config = config(Arrays.stream(layers).map(Digest::of).toArray(Digest[]::new));
        return dockerWith(config, layers);
    }

    public static byte[] dockerWith(byte[] config, byte[]... layers) {
        String names = Arrays.stream(layers)
                .map(layer -> "\"" + Digest.of(layer).hex() + "/layer.tar\"")
                .collect(Collectors.joining(","));
        String manifest = "[{\"Config\":\"" + Digest.of(config).hex() + ".json\",\"RepoTags\":[\"a:b\"],\"Layers\":["
                + names + "]}]";
        TarBuilder tar = new TarBuilder();
        for (byte[] layer : layers) {
            tar.file(Digest.of(layer).hex() + "/layer.tar", 0644, layer);
        }
        return tar.file(Digest.of(config).hex() + ".json", 0644, config)
                .file("manifest.json", manifest)
                .build();
    }

    /** @param layer stored under the digest of {@code stated} */
    public static byte[] oci(byte[] config, byte[] stated, byte[] layer) {
        List<Descriptor> layers =
                new ArrayList<>(List.of(new Descriptor(MediaTypes.OCI_LAYER, Digest.of(stated), stated.length)));
        byte[] manifest = OciJson.write(
                Manifest.of(new Descriptor(MediaTypes.OCI_CONFIG, Digest.of(config), config.length), layers));
        String index = "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + MediaTypes.OCI_MANIFEST
                + "\",\"digest\":\"" + Digest.of(manifest) + "\",\"size\":" + manifest.length + "}]}";
        return new TarBuilder()
                .file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
                .file("index.json", index)
                .file("blobs/sha256/" + Digest.of(manifest).hex(), 0644, manifest)
                .file("blobs/sha256/" + Digest.of(config).hex(), 0644, config)
                .file("blobs/sha256/" + Digest.of(stated).hex(), 0644, layer)
                .build();
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
