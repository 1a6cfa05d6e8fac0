package io.berth.images.rest;

import io.berth.api.http.Identified;
import io.berth.images.Image;
import java.time.Instant;

/**
 * An image in a list.
 *
 * @param id digest of its manifest
 * @param size bytes of its layers as stored
 */
public record ImageView(String id, String reference, String platform, long size, Instant createdAt)
        implements Identified {

    @Override
    public String identity() {
        return id;
    }

    @Override
    public String identityName() {
        return reference;
    }

    static ImageView of(Image image) {
        return new ImageView(
                image.digest().toString(), image.reference(), image.platform(), image.size(), image.createdAt());
    }

    /** Where it can be asked for. */
    static String path(Image image) {
        return "/api/v1/tenants/" + image.tenant() + "/images/" + image.digest();
    }
}
