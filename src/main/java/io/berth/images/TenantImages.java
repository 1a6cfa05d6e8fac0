package io.berth.images;

import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives a new tenant the starter image, and takes a deleted one's references away; content is shared and stays. */
@ApplicationScoped
class TenantImages implements TenantParticipant {

    private final ImageCatalog catalog;
    private final StarterImage starter;

    TenantImages(ImageCatalog catalog, StarterImage starter) {
        this.catalog = catalog;
        this.starter = starter;
    }

    @Override
    public int order() {
        return Order.IMAGES;
    }

    @Override
    public String subject() {
        return "images";
    }

    @Override
    public void created(TenantId tenant) {
        starter.give(tenant);
    }

    @Override
    public void delete(TenantId tenant) {
        catalog.deleteAll(tenant);
    }
}
