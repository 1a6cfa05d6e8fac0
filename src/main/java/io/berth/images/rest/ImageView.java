package io.berth.images.rest;

import io.berth.api.http.Identified;
import io.berth.images.Digest;
import io.berth.images.Image;
import io.berth.images.ImageCatalog;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An image in a list.
 *
 * @param id digest of its manifest
 * @param size bytes of its layers as stored
 * @param ownSize those of them that no other image of the tenant has; absent where it was not computed
 */
public record ImageView(
        String id,
        String reference,
        String platform,
        long size,
        @Nullable Long ownSize,
        Instant createdAt) implements Identified {

    @Override
    public String identity() {
        return id;
    }

    @Override
    public String identityName() {
        return reference;
    }

    static ImageView of(Image image) {
        return of(image, null);
    }

    /** With what it has for itself. */
    static ImageView of(Image image, ImageCatalog catalog, Set<Digest> shared) {
        return of(image, catalog.ownSize(image, shared));
    }

    private static ImageView of(Image image, @Nullable Long ownSize) {
        return new ImageView(
                image.digest().toString(),
                image.reference(),
                image.platform(),
                image.size(),
                ownSize,
                image.createdAt());
    }

    /** Where it can be asked for. */
    static String path(Image image) {
        return "/api/v1/tenants/" + image.tenant() + "/images/" + image.digest();
    }
}
