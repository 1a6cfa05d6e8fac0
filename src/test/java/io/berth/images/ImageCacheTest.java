package io.berth.images;

import static org.assertj.core.api.Assertions.assertThat;

import io.berth.tenants.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ImageCacheTest {

    private static final TenantId OTHER = new TenantId("other");

    private final ImageCache cache = new ImageCache();
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void asksOnceUntilSomethingChanges() {
        get(TenantId.DEFAULT, "a");
        get(TenantId.DEFAULT, "a");
        assertThat(loads).hasValue(1);

        cache.invalidate(TenantId.DEFAULT);
        get(TenantId.DEFAULT, "a");
        assertThat(loads).hasValue(2);
    }

    @Test
    void keepsTenantsApart() {
        get(TenantId.DEFAULT, "a");
        assertThat(cache.get(OTHER, "a", Optional::empty)).isEmpty();

        get(OTHER, "a");
        cache.invalidate(TenantId.DEFAULT);
        get(OTHER, "a");
        assertThat(loads).hasValue(2);
    }

    @Test
    void doesNotKeepWhatIsNotThere() {
        assertThat(cache.get(OTHER, "a", Optional::empty)).isEmpty();
        assertThat(get(OTHER, "a")).isPresent();
    }

    @Test
    void doesNotKeepWhatChangedWhileItWasLookedUp() {
        cache.get(OTHER, "a", () -> {
            cache.invalidate(OTHER);
            return Optional.of(image("old"));
        });

        assertThat(cache.get(OTHER, "a", () -> Optional.of(image("new"))))
                .map(ResolvedImage::reference)
                .contains("new");
    }

    private Optional<ResolvedImage> get(TenantId tenant, String text) {
        return cache.get(tenant, text, () -> {
            loads.incrementAndGet();
            return Optional.of(image(text));
        });
    }

    private static ResolvedImage image(String reference) {
        return new ResolvedImage(
                reference,
                Digest.of(reference.getBytes(StandardCharsets.UTF_8)),
                List.of(),
                new ImageConfig(List.of(), List.of(), List.of(), null, null, null, Map.of(), List.of(), null));
    }
}
