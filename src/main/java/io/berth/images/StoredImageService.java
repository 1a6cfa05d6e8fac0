package io.berth.images;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.archive.ArchiveImporter;
import io.berth.images.content.ContentStore;
import io.berth.images.content.Ingest;
import io.berth.images.credentials.RegistryCredentials;
import io.berth.images.oci.Platform;
import io.berth.images.registry.Credentials;
import io.berth.images.registry.ImagePuller;
import io.berth.images.registry.RegistryHttp;
import io.berth.images.registry.RegistrySession;
import io.berth.tenants.Slots;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Brings images in from archives and registries, and keeps them in the content store. */
@ApplicationScoped
public class StoredImageService implements ImageService {

    private static final Logger LOG = Logger.getLogger(StoredImageService.class);
    private static final int IMPORTS_AT_ONCE = 8;
    private static final int IMPORTS_OF_A_TENANT = 2;

    private final ImageCatalog catalog;
    private final ContentStore content;
    private final RegistryHttp registries;
    private final RegistryCredentials credentials;
    private final Platform platform = Platform.ofHost();
    private final Slots imports = new Slots("imports", IMPORTS_OF_A_TENANT, IMPORTS_AT_ONCE);

    StoredImageService(
            ImageCatalog catalog, ContentStore content, RegistryHttp registries, RegistryCredentials credentials) {
        this.catalog = catalog;
        this.content = content;
        this.registries = registries;
        this.credentials = credentials;
    }

    @Override
    public Optional<ResolvedImage> find(TenantId tenant, String referenceOrId) {
        return catalog.findResolved(tenant, referenceOrId);
    }

    @Override
    public boolean canPull(String reference) {
        return !reference.startsWith("sha256:")
                && ImageReference.tryParse(reference).isPresent();
    }

    @Override
    public ResolvedImage pull(TenantId tenant, String reference, PullProgress progress) {
        return pull(tenant, reference, null, progress);
    }

    /**
     * The same with credentials for this pull alone.
     *
     * @param given {@code null} takes those that the tenant has stored for the registry, if it has
     */
    public ResolvedImage pull(TenantId tenant, String reference, @Nullable Credentials given, PullProgress progress) {
        ImageReference parsed = parse(reference, "/reference");
        catalog.requireRoom(tenant, parsed);
        Credentials present = given != null
                ? given
                : credentials.find(tenant, parsed.registry()).orElse(null);
        try (Ingest ingest = content.ingest()) {
            RegistrySession registry = new RegistrySession(registries, parsed, present);
            ImageContent image = new ImagePuller(content.limits(), platform).pull(registry, parsed, ingest, progress);
            keep(tenant, parsed, image, ingest);
            return image.resolve(parsed.toString(), content);
        } catch (BerthException e) {
            throw e.code() == ErrorCode.REGISTRY_FAILED ? notPulled(parsed, String.valueOf(e.getMessage()), e) : e;
        } catch (InterruptedIOException e) {
            throw new BerthException(ErrorCode.UNAVAILABLE, "the pull of " + parsed + " was cancelled", e);
        } catch (IOException e) {
            throw notPulled(parsed, String.valueOf(e.getMessage()), e);
        }
    }

    private static BerthException notPulled(ImageReference reference, String why, Exception cause) {
        return new BerthException(
                ErrorCode.REGISTRY_FAILED,
                "image " + reference + " is not here and could not be pulled: " + why
                        + "; import it, or try again later",
                cause);
    }

    /**
     * Makes the image of an archive the tenant's: a docker archive, an OCI archive or a root file system, plain, gzip or
     * zstd. Blocks until it is unpacked.
     *
     * @param archive is read to its end and not closed
     * @throws BerthException INVALID_ARCHIVE, INVALID_IMAGE, DIGEST_MISMATCH, NO_SPACE, RATE_LIMITED when the tenant imports too many at
     *     once, UNAVAILABLE when all do, BAD_REQUEST if the stream breaks off
     */
    public Image importArchive(TenantId tenant, String reference, InputStream archive) {
        ImageReference parsed = parse(reference, "?reference");
        if (parsed.digest() != null) {
            throw BerthException.invalidField("?reference", "an imported image is named by a tag, not by a digest");
        }
        catalog.requireRoom(tenant, parsed);
        try (Slots.Slot slot = imports.take(tenant);
                Ingest ingest = content.ingest()) {
            Digest digest = new ArchiveImporter(content.limits(), platform).importArchive(ingest, archive);
            ImageContent image = ImageContent.read(content, digest);
            image.requirePlatform(platform);
            unpack(image, ingest);
            return keep(tenant, parsed, image, ingest);
        } catch (IOException e) {
            throw new BerthException(ErrorCode.BAD_REQUEST, "the archive could not be received: " + e.getMessage(), e);
        }
    }

    private void unpack(ImageContent image, Ingest ingest) throws IOException {
        long unpacked = 0;
        for (int i = 0; i < image.diffIds().size(); i++) {
            unpacked += ingest.unpack(
                    image.manifest().layers().get(i).digest(), image.diffIds().get(i));
            if (unpacked > content.limits().imageBytes()) {
                throw ImageErrors.invalidImage("the image's layers unpack to more than "
                        + content.limits().imageBytes() + " bytes");
            }
        }
    }

    private Image keep(TenantId tenant, ImageReference reference, ImageContent image, Ingest ingest) {
        Image stored = catalog.put(tenant, reference, image);
        ingest.commit();
        LOG.infof("tenant %s: %s is %s", tenant, reference, image.digest());
        return stored;
    }

    private static ImageReference parse(String reference, String pointer) {
        try {
            return ImageReference.parse(reference);
        } catch (IllegalArgumentException e) {
            throw ImageErrors.invalidReference(pointer, e);
        }
    }
}
