package io.berth.images;

import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.content.ContentStore;
import io.berth.images.oci.Descriptor;
import io.berth.images.store.ImageRepository;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.QuotaService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** The images each tenant has, by reference and id. An id is a manifest's digest, or its first 12 or more digits. */
@ApplicationScoped
public class ImageCatalog {

    private static final Logger LOG = Logger.getLogger(ImageCatalog.class);
    private static final Pattern ID = Pattern.compile("(?:sha256:)?([a-f0-9]{12,64})");
    private static final int MAX_TEXT = 512;

    private final ImageRepository repository;
    private final ContentStore content;
    private final Instance<ImageUsage> usages;
    private final QuotaService quotas;
    private final Clock clock;
    private final ImageCache cache = new ImageCache();
    private final LayerSharing sharing = new LayerSharing(this::layers);

    ImageCatalog(
            ImageRepository repository,
            ContentStore content,
            Instance<ImageUsage> usages,
            QuotaService quotas,
            Clock clock) {
        this.repository = repository;
        this.content = content;
        this.usages = usages;
        this.quotas = quotas;
        this.clock = clock;
    }

    /** An image ready to run from. Usually answers from memory; otherwise blocks for a query and two small files. */
    public Optional<ResolvedImage> findResolved(TenantId tenant, String referenceOrId) {
        if (referenceOrId.length() > MAX_TEXT) {
            return Optional.empty();
        }
        return cache.get(
                tenant, referenceOrId, () -> find(tenant, referenceOrId).flatMap(this::resolve));
    }

    /** By reference first, since a name may look like an id. */
    public Optional<Image> find(TenantId tenant, String referenceOrId) {
        if (referenceOrId.startsWith("sha256:")) {
            return findById(tenant, referenceOrId).stream().findFirst();
        }
        return findByReference(tenant, referenceOrId)
                .or(() -> findById(tenant, referenceOrId).stream().findFirst());
    }

    /** @throws BerthException IMAGE_NOT_FOUND */
    public Image get(TenantId tenant, String referenceOrId) {
        return find(tenant, referenceOrId).orElseThrow(() -> ImageErrors.notFound(referenceOrId));
    }

    /** What an image's manifest and configuration say. Blocks for two small files. */
    public ImageContent describe(Image image) {
        try {
            return ImageContent.read(content, image.digest());
        } catch (IOException e) {
            throw new BerthException(ErrorCode.INTERNAL, "could not read image " + image.digest(), e);
        }
    }

    /** The layers that more than one of the tenant's images have. Blocks for a query, and for files of images not yet seen. */
    public Set<Digest> sharedLayers(TenantId tenant) {
        return sharing.shared(repository.digestsOf(tenant));
    }

    /**
     * Bytes of layers that only this image has: as much as its deletion may free.
     *
     * @param shared as {@link #sharedLayers} tells
     */
    public long ownSize(Image image, Set<Digest> shared) {
        return sharing.own(image.digest(), shared);
    }

    /** None if they have been lost: that must not spoil the list of the others. */
    private List<Descriptor> layers(Digest image) {
        try {
            return ImageContent.read(content, image).manifest().layers();
        } catch (IOException | BerthException e) {
            LOG.debugf(e, "could not read the layers of image %s", image);
            return List.of();
        }
    }

    /** References by name, those that contain {@code text}. */
    public Page<Image> list(TenantId tenant, String text, PageRequest request) {
        String after = Objects.requireNonNullElse(request.after(), "");
        List<Image> found = repository.list(tenant, text, after, request.limit() + 1);
        return Page.of(found, request, Image::reference);
    }

    /**
     * Refuses a reference that the tenant's quota has no room for, before its content is fetched.
     *
     * @throws BerthException QUOTA_EXCEEDED
     */
    void requireRoom(TenantId tenant, ImageReference reference) {
        if (quotas.decidesOn(tenant, ImageRepository.ONE)
                && repository.findByReference(tenant, reference.toString()).isEmpty()) {
            quotas.check(tenant, ImageRepository.ONE).stream().findFirst().ifPresent(refusal -> {
                throw refusal.toException();
            });
        }
    }

    /**
     * Gives a reference of the tenant to an image whose content is stored. Replaces what it stood for.
     *
     * @throws BerthException QUOTA_EXCEEDED
     */
    public Image put(TenantId tenant, ImageReference reference, ImageContent image) {
        Image stored = new Image(
                tenant,
                reference.toString(),
                image.digest(),
                image.manifest().layerBytes(),
                image.config().platform().toString(),
                clock.instant().truncatedTo(ChronoUnit.MICROS)); // as the database keeps it
        quotas.inTurn(tenant, () -> {
            repository.put(stored);
            return stored;
        });
        cache.invalidate(tenant);
        return stored;
    }

    /**
     * Takes a reference from the tenant, or with an id all references to that image. Its content stays: collecting what
     * nobody needs is another job.
     *
     * @throws BerthException IMAGE_NOT_FOUND, IMAGE_IN_USE
     */
    public void delete(TenantId tenant, String referenceOrId) {
        Image image = get(tenant, referenceOrId);
        List<Image> all = repository.findByDigest(tenant, image.digest().hex());
        boolean byReference = !referenceOrId.startsWith("sha256:")
                && findByReference(tenant, referenceOrId).isPresent();
        List<Image> doomed = byReference ? List.of(image) : all;
        boolean last = doomed.size() >= all.size();
        if (last && usages.stream().anyMatch(usage -> usage.isUsed(tenant, image.digest()))) {
            throw ImageErrors.inUse(image.reference());
        }
        doomed.forEach(repository::delete);
        cache.invalidate(tenant);
    }

    /** Takes every reference from the tenant, whatever uses them. Repeatable. */
    public void deleteAll(TenantId tenant) {
        repository.deleteAll(tenant);
        cache.invalidate(tenant);
    }

    private Optional<Image> findByReference(TenantId tenant, String text) {
        ImageReference reference = ImageReference.tryParse(text).orElse(null);
        if (reference == null) {
            return Optional.empty();
        }
        Optional<Image> exact = repository.findByReference(tenant, reference.toString());
        Digest pinned = reference.digest();
        if (exact.isPresent() || pinned == null) {
            return exact;
        }
        // name@digest is also there when name:tag stands for that digest
        return repository.findByDigest(tenant, pinned.hex()).stream()
                .filter(image -> ImageReference.tryParse(image.reference())
                        .filter(known -> known.repository().equals(reference.repository())
                                && known.registry().equals(reference.registry()))
                        .isPresent())
                .findFirst();
    }

    private List<Image> findById(TenantId tenant, String text) {
        var id = ID.matcher(text);
        if (!id.matches()) {
            return List.of();
        }
        List<Image> found = repository.findByDigest(tenant, id.group(1));
        boolean unique = found.stream().map(Image::digest).distinct().count() <= 1;
        return unique ? found : List.of();
    }

    /** Empty if layers have been lost: pulling the image again brings them back. */
    private Optional<ResolvedImage> resolve(Image image) {
        ImageContent described = describe(image);
        boolean whole = described.diffIds().stream().allMatch(content::hasLayer);
        return whole ? Optional.of(described.resolve(image.reference(), content)) : Optional.empty();
    }
}
