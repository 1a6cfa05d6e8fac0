package io.berth.identity.store;

import io.berth.api.paging.PageRequest;
import io.berth.identity.ApiToken;
import io.berth.tenants.TenantId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.quarkus.panache.common.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API tokens in the database. */
@ApplicationScoped
public class ApiTokenRepository implements PanacheRepositoryBase<ApiTokenEntity, String> {

    private static final String GOOD = "revokedAt is null and (expiresAt is null or expiresAt > :now)";

    /** The token with this hash if it is good now. */
    @Transactional
    public Optional<ApiToken> findGood(byte[] hash, Instant now) {
        return find("hash = :hash and " + GOOD, Map.of("hash", hash, "now", now))
                .firstResultOptional()
                .map(ApiTokenEntity::toToken);
    }

    /** Notes when tokens were used. */
    @Transactional
    public void used(Map<String, Instant> uses) {
        uses.forEach((id, at) -> update("lastUsedAt = ?1 where id = ?2", at, id));
    }

    /** The token with this id if it is good now. */
    @Transactional
    public Optional<ApiToken> findGood(String id, Instant now) {
        return find("id = :id and " + GOOD, Map.of("id", id, "now", now))
                .firstResultOptional()
                .map(ApiTokenEntity::toToken);
    }

    /** A token that was not revoked; it may have expired. */
    @Transactional
    public Optional<ApiToken> find(@Nullable TenantId tenant, String id) {
        return find(of(tenant) + " and revokedAt is null and id = :id", with(tenant, "id", id))
                .firstResultOptional()
                .map(ApiTokenEntity::toToken);
    }

    /**
     * Tokens that were not revoked, newest first; one more than the page holds.
     *
     * @param tenant {@code null} is the platform
     * @param madeBy a user's id or a token's, {@code null} is everybody
     */
    @Transactional
    public List<ApiToken> list(@Nullable TenantId tenant, @Nullable String madeBy, PageRequest page) {
        StringBuilder where = new StringBuilder(of(tenant) + " and revokedAt is null");
        Map<String, Object> values = with(tenant);
        if (madeBy != null) {
            where.append(" and (user = :maker or createdBy = :maker)");
            values.put("maker", madeBy);
        }
        if (page.after() != null) {
            where.append(" and id < :after");
            values.put("after", page.after());
        }
        return find(where + " order by id desc", values).page(Page.ofSize(page.limit() + 1)).stream()
                .map(ApiTokenEntity::toToken)
                .toList();
    }

    /** How many of a tenant's tokens, or of the platform's, are good. */
    @Transactional
    public long countGood(@Nullable TenantId tenant, Instant now) {
        return count(of(tenant) + " and " + GOOD, with(tenant, "now", now));
    }

    /** How many of those are good that somebody made: a user's id, or a token's. */
    @Transactional
    public long countGood(@Nullable TenantId tenant, String madeBy, Instant now) {
        Map<String, Object> values = with(tenant, "now", now);
        values.put("maker", madeBy);
        return count(of(tenant) + " and (user = :maker or createdBy = :maker) and " + GOOD, values);
    }

    @Transactional
    public boolean exists(byte[] hash) {
        return count("hash", hash) > 0;
    }

    /** Whether any token that can administer the platform for ever is there. */
    @Transactional
    public boolean hasAdministrator() {
        return count("tenant is null and user is null and scopes = '' and revokedAt is null and expiresAt is null") > 0;
    }

    @Transactional
    public void add(ApiToken token, byte[] hash) {
        persist(ApiTokenEntity.of(token, hash));
    }

    /** @return whether it was there and not yet revoked */
    @Transactional
    public boolean revoke(String id, Instant now) {
        return update("revokedAt = ?1 where id = ?2 and revokedAt is null", now, id) == 1;
    }

    /** Removes tokens that ended so long ago. Those of files are known for ever, so that one that was revoked stays so. */
    @Transactional
    public long deleteEnded(Instant now, Duration ago) {
        return delete("(revokedAt < ?1 or expiresAt < ?1) and createdBy <> 'system'", now.minus(ago));
    }

    /** Removes a tenant's tokens, and the sessions that were begun with them. */
    @Transactional
    public long deleteOf(TenantId tenant) {
        return delete("tenant", tenant.value());
    }

    private static String of(@Nullable TenantId tenant) {
        return tenant == null ? "tenant is null" : "tenant = :tenant";
    }

    private static Map<String, Object> with(@Nullable TenantId tenant) {
        Map<String, Object> values = new HashMap<>();
        if (tenant != null) {
            values.put("tenant", tenant.value());
        }
        return values;
    }

    private static Map<String, Object> with(@Nullable TenantId tenant, String name, Object value) {
        Map<String, Object> values = with(tenant);
        values.put(name, value);
        return values;
    }
}
