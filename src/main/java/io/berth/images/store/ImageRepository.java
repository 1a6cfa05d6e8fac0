package io.berth.images.store;

import io.berth.common.Ids;
import io.berth.events.EventLog;
import io.berth.images.Digest;
import io.berth.images.Image;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Demand;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.QuotaService;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which reference of which tenant stands for which image. */
@ApplicationScoped
public class ImageRepository implements PanacheRepositoryBase<ImageEntity, String> {

    /** What a reference charges. */
    public static final Demand ONE = Demand.of(QuotaResource.IMAGES, 1);

    private static final int MAX_OF_DIGEST = 1000;
    private static final int MAX_DIGESTS = 4000;

    private final EventLog events;
    private final QuotaService quotas;

    ImageRepository(EventLog events, QuotaService quotas) {
        this.events = events;
        this.quotas = quotas;
    }

    /**
     * Stores a reference if the tenant's quota has room for it, or points a known one to another image; tells it unless it stood for
     * that image already.
     *
     * @throws io.berth.common.BerthException {@code QUOTA_EXCEEDED}
     */
    @Transactional
    public void put(Image image) {
        if (findByReference(image.tenant(), image.reference()).isEmpty()) {
            quotas.admit(image.tenant(), ONE);
        }
        Object before = getEntityManager()
                .createNativeQuery(
                        "with before as (select digest from image where tenant = :tenant and reference = :reference)"
                                + " insert into image (id, tenant, reference, digest, size, platform, created_at)"
                                + " values (:id, :tenant, :reference, :digest, :size, :platform, :createdAt)"
                                + " on conflict (tenant, reference) do update set digest = excluded.digest,"
                                + " size = excluded.size, platform = excluded.platform, created_at = excluded.created_at"
                                + " returning (select digest from before)")
                .setParameter("id", Ids.next("img"))
                .setParameter("tenant", image.tenant().value())
                .setParameter("reference", image.reference())
                .setParameter("digest", image.digest().toString())
                .setParameter("size", image.size())
                .setParameter("platform", image.platform())
                .setParameter("createdAt", image.createdAt())
                .getSingleResult();
        if (!image.digest().toString().equals(before)) {
            tell("image.created", image);
        }
    }

    @Transactional
    public Optional<Image> findByReference(TenantId tenant, String reference) {
        return find("tenant = ?1 and reference = ?2", tenant.value(), reference)
                .firstResultOptional()
                .map(ImageRepository::toImage);
    }

    /**
     * The tenant's references to images whose digest begins so, by name.
     *
     * @param hexPrefix at least one lower-case hexadecimal digit
     */
    @Transactional
    public List<Image> findByDigest(TenantId tenant, String hexPrefix) {
        return find("tenant = ?1 and digest like ?2 order by reference", tenant.value(), "sha256:" + hexPrefix + "%")
                .page(0, MAX_OF_DIGEST)
                .stream()
                .map(ImageRepository::toImage)
                .toList();
    }

    /**
     * References by name.
     *
     * @param text that they contain, empty for all
     * @param after the last one of the page before, empty for the first page
     */
    @Transactional
    public List<Image> list(TenantId tenant, String text, String after, int limit) {
        return find(
                        "tenant = ?1 and locate(?2, reference) > 0 and reference > ?3 order by reference",
                        tenant.value(),
                        text,
                        after)
                .page(0, limit)
                .stream()
                .map(ImageRepository::toImage)
                .toList();
    }

    /** All images the tenant has. */
    @Transactional
    public List<Digest> digestsOf(TenantId tenant) {
        return getEntityManager()
                .createQuery("select distinct digest from ImageEntity where tenant = :tenant", String.class)
                .setParameter("tenant", tenant.value())
                .setMaxResults(MAX_DIGESTS)
                .getResultStream()
                .map(Digest::parse)
                .toList();
    }

    /** References of the tenant. */
    @Transactional
    public long countOf(TenantId tenant) {
        return count("tenant", tenant.value());
    }

    /** The newest references. */
    @Transactional
    public List<String> newest(TenantId tenant, int atMost) {
        return find("tenant = ?1 order by createdAt desc", tenant.value()).page(0, atMost).stream()
                .map(entity -> entity.reference)
                .toList();
    }

    /** Takes a reference from its tenant, and tells it. Repeatable. */
    @Transactional
    public void delete(Image image) {
        if (delete("tenant = ?1 and reference = ?2", image.tenant().value(), image.reference()) > 0) {
            tell("image.deleted", image);
        }
    }

    private void tell(String type, Image image) {
        events.append(
                image.tenant(),
                type,
                image.digest().toString(),
                Map.of("reference", image.reference(), "size", image.size()));
    }

    @Transactional
    public void deleteAll(TenantId tenant) {
        delete("tenant", tenant.value());
    }

    private static Image toImage(ImageEntity entity) {
        return new Image(
                new TenantId(entity.tenant),
                entity.reference,
                Digest.parse(entity.digest),
                entity.size,
                entity.platform,
                entity.createdAt);
    }
}
