package io.berth.usage;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.tenants.TenantId;
import io.berth.usage.store.UsageRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tenants have used. */
@ApplicationScoped
public class UsageService {

    private static final int MAX_ROWS = 20_000;

    private final UsageRepository repository;

    UsageService(UsageRepository repository) {
        this.repository = repository;
    }

    /** What the writable layers of a tenant's containers occupied when they were measured last, in bytes. */
    public long diskNow(TenantId tenant) {
        return repository.diskNow(tenant);
    }

    /**
     * What was used in steps of time; a step in which nothing was used is absent.
     *
     * @param tenant {@code null} is all of them
     * @throws BerthException if it would be too much
     */
    public List<UsagePoint> metered(@Nullable TenantId tenant, UsageQuery query) {
        List<UsageRow> rows = repository.sum(tenant, query, MAX_ROWS + 1);
        if (rows.size() > MAX_ROWS) {
            throw new BerthException(
                    ErrorCode.TOO_LARGE,
                    "the answer would have more than " + MAX_ROWS
                            + " values: ask for a shorter time or a longer 'step'");
        }
        return UsagePoint.of(rows);
    }
}
