package io.berth.images;

import io.berth.common.BerthException;
import io.berth.common.ElfFile;
import io.berth.engine.HostLayout;
import io.berth.images.content.ContentStore;
import io.berth.tenants.TenantId;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** Makes the image {@code busybox} on the first start of a data directory, so that a first shell needs no network. */
@ApplicationScoped
public class StarterImage {

    static final String REFERENCE = "busybox";

    private static final Logger LOG = Logger.getLogger(StarterImage.class);

    private final StoredImageService images;
    private final ImageCatalog catalog;
    private final ContentStore content;
    private final ImagesConfig config;
    private final Path marker;

    StarterImage(
            StoredImageService images,
            ImageCatalog catalog,
            ContentStore content,
            ImagesConfig config,
            HostLayout layout) {
        this.images = images;
        this.catalog = catalog;
        this.content = content;
        this.config = config;
        this.marker = layout.dataDir().resolve("content/starter-image");
    }

    /** Once, so that a user who deletes it is rid of it; a host without busybox gets it with the next start. */
    void onStart(@Observes @Priority(300) StartupEvent event) {
        if (!config.starterImage() || Files.exists(marker)) {
            return;
        }
        Path busybox = config.starterBusybox();
        try {
            if (!Files.isRegularFile(busybox) || !ElfFile.isStatic(busybox)) {
                LOG.warnf("no image busybox is made: %s is not a static program (install busybox-static)", busybox);
                return;
            }
            byte[] rootfs = new BusyboxRootfs(busybox).toTar();
            Image image = images.importArchive(TenantId.DEFAULT, REFERENCE, new ByteArrayInputStream(rootfs));
            Files.writeString(marker, image.digest() + "\n");
        } catch (IOException | BerthException e) {
            // the server is of use without it
            LOG.warn("no image busybox is made", e);
        }
    }

    /** Makes it a new tenant's as well, if it was made on this host and its content is still there. */
    void give(TenantId tenant) {
        if (!config.starterImage() || !Files.exists(marker)) {
            return;
        }
        try {
            ImageContent image = ImageContent.read(
                    content, Digest.parse(Files.readString(marker).strip()));
            if (image.diffIds().stream().allMatch(content::hasLayer)) {
                catalog.put(tenant, ImageReference.parse(REFERENCE), image);
            }
        } catch (IOException e) {
            LOG.warnf(e, "tenant %s gets no image busybox", tenant);
        }
    }
}
