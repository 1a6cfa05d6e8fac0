package io.berth.images.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.images.Digest;
import io.berth.images.ImageService.PullProgress;
import io.berth.images.oci.Descriptor;
import io.berth.images.oci.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerProgressTest {

    private final List<String> heard = new ArrayList<>();
    private final PullProgress listener = new PullProgress() {
        @Override
        public void update(String message, long done, long total) {
            heard.add(message + " " + done + "/" + total);
        }

        @Override
        public void layer(Digest layer, String message, long done, long total) {
            heard.add("layer " + message + " " + done + "/" + total);
        }
    };

    @Test
    void tellsOfEachLayerAndOfAllTogether() throws IOException {
        LayerProgress progress = new LayerProgress(listener, 12);
        LayerProgress.Layer small = progress.layer(layer("small", 2));
        LayerProgress.Layer large = progress.layer(layer("large", 10));
        small.add("layer is here already", 2);
        large.counting(new ByteArrayInputStream(new byte[10])).readAllBytes();
        large.finish();
        assertThat(heard)
                .containsExactly(
                        "waiting 0/12",
                        "layer waiting 0/2",
                        "waiting 0/12",
                        "layer waiting 0/10",
                        "layer is here already 2/12",
                        "layer layer is here already 2/2",
                        "downloading 12/12",
                        "layer downloading 10/10",
                        "layer done 10/10");
    }

    private static Descriptor layer(String name, long size) {
        return new Descriptor(MediaTypes.OCI_LAYER, Digest.of(name.getBytes(StandardCharsets.UTF_8)), size);
    }
}
