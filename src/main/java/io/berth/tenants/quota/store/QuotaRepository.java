package io.berth.tenants.quota.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.tenants.TenantId;
import io.berth.tenants.quota.Policy;
import io.berth.tenants.quota.Quota;
import io.berth.tenants.quota.QuotaResource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Quotas in the database. A tenant that never had one has no row, and costs nothing. */
@ApplicationScoped
public class QuotaRepository {

    private static final TypeReference<Map<String, Long>> LIMITS = new TypeReference<>() {};
    private static final TypeReference<Map<String, Policy>> POLICIES = new TypeReference<>() {};

    private final EntityManager entities;
    private final ObjectMapper mapper;

    QuotaRepository(EntityManager entities, ObjectMapper mapper) {
        this.entities = entities;
        this.mapper = mapper;
    }

    /** Every tenant's that has one. */
    @Transactional
    public Map<TenantId, Quota> all() {
        Map<TenantId, Quota> all = new HashMap<>();
        List<?> rows = entities.createNativeQuery(
                        "select tenant, cast(limits as text), cast(policies as text), version from tenant_quota")
                .getResultList();
        for (Object row : rows) {
            Object[] columns = (Object[]) row;
            all.put(new TenantId((String) columns[0]), quota((String) columns[1], (String) columns[2], columns[3]));
        }
        return all;
    }

    /** Reads the tenant's quota and holds its row until the end of the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public Optional<Quota> lock(TenantId tenant) {
        List<?> rows = entities.createNativeQuery("select cast(limits as text), cast(policies as text), version"
                        + " from tenant_quota where tenant = :tenant for update")
                .setParameter("tenant", tenant.value())
                .getResultList();
        return rows.stream().findFirst().map(row -> {
            Object[] columns = (Object[]) row;
            return quota((String) columns[0], (String) columns[1], columns[2]);
        });
    }

    /** Stores it at its version. */
    @Transactional
    public void put(TenantId tenant, Quota quota) {
        Map<String, Long> limits = new TreeMap<>();
        quota.limits().forEach((resource, limit) -> limits.put(resource.wireName(), limit));
        Map<String, Policy> policies = new TreeMap<>();
        quota.reserved().forEach(resource -> policies.put(resource.wireName(), Policy.RESERVE));
        entities.createNativeQuery("insert into tenant_quota (tenant, limits, policies, version, changed_at)"
                        + " values (:tenant, cast(:limits as jsonb), cast(:policies as jsonb), :version, now())"
                        + " on conflict (tenant) do update set limits = excluded.limits,"
                        + " policies = excluded.policies, version = excluded.version, changed_at = excluded.changed_at")
                .setParameter("tenant", tenant.value())
                .setParameter("limits", write(limits))
                .setParameter("policies", write(policies))
                .setParameter("version", quota.version())
                .executeUpdate();
    }

    @Transactional
    public void remove(TenantId tenant) {
        entities.createNativeQuery("delete from tenant_quota where tenant = :tenant")
                .setParameter("tenant", tenant.value())
                .executeUpdate();
    }

    /** What a later version knew and this one does not is left out: it has nobody to hold it here. */
    private Quota quota(String limits, String policies, Object version) {
        try {
            Map<QuotaResource, Long> known = new EnumMap<>(QuotaResource.class);
            mapper.readValue(limits, LIMITS)
                    .forEach((name, limit) ->
                            QuotaResource.find(name).ifPresent(resource -> known.put(resource, limit)));
            Set<QuotaResource> reserved = EnumSet.noneOf(QuotaResource.class);
            mapper.readValue(policies, POLICIES)
                    .forEach((name, policy) -> QuotaResource.find(name)
                            .filter(resource -> policy == Policy.RESERVE)
                            .ifPresent(reserved::add));
            return new Quota(known, reserved, ((Number) version).longValue());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row of tenant_quota cannot be read", e);
        }
    }

    private String write(Map<String, ?> map) {
        try {
            return mapper.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of numbers can always be written", e);
        }
    }
}
