package io.berth.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.images.oci.Descriptor;
import io.berth.images.oci.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LayerSharingTest {

    private static final Digest WEB = digest("web");
    private static final Digest DB = digest("db");
    private static final Digest ALONE = digest("alone");

    private static final Descriptor BASE = layer("base", 100);

    private final List<Digest> read = new ArrayList<>();
    private final LayerSharing sharing = new LayerSharing(image -> {
        read.add(image);
        return Map.of(
                        WEB, List.of(BASE, layer("web", 10), layer("web", 10)),
                        DB, List.of(BASE, layer("db", 7)),
                        ALONE, List.of(layer("alone", 3)))
                .get(image);
    });

    @Test
    void countsWhatOneImageHasForItself() {
        Set<Digest> shared = sharing.shared(List.of(WEB, DB, ALONE));
        assertThat(shared).containsExactly(BASE.digest());
        assertThat(sharing.own(WEB, shared)).isEqualTo(10);
        assertThat(sharing.own(DB, shared)).isEqualTo(7);
        assertThat(sharing.own(ALONE, shared)).isEqualTo(3);
    }

    @Test
    void sharesNothingWithItselfUnderAnotherName() {
        assertThat(sharing.shared(List.of(WEB, WEB))).isEmpty();
    }

    @Test
    void readsEachImageOnce() {
        sharing.shared(List.of(WEB, DB));
        sharing.own(WEB, sharing.shared(List.of(WEB, DB)));
        assertThat(read).containsExactlyInAnyOrder(WEB, DB);
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Descriptor layer(String text, long size) {
        return new Descriptor(MediaTypes.OCI_LAYER, digest("layer " + text), size);
    }
}
