package io.berth.tenancy;

import io.berth.api.paging.Page;
import io.berth.api.paging.PageRequest;
import io.berth.common.BerthException;
import io.berth.common.Ids;
import io.berth.common.KeyedLocks;
import io.berth.engine.GroupId;
import io.berth.events.EventLog;
import io.berth.tenants.SuspendMode;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantErrors;
import io.berth.tenants.TenantId;
import io.berth.tenants.store.TenantRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;

/** Makes, finds and changes tenants. The caller has already asked whether it may. {@link TenantDeletion} ends them. */
@ApplicationScoped
public class TenantService {

    private static final Logger LOG = Logger.getLogger(TenantService.class);
    private static final int GROUP_NAME = 50;
    private static final int GROUP_SUFFIX = 10;

    private final TenantRepository repository;
    private final TenantDirectory directory;
    private final Participants participants;
    private final EventLog events;
    private final Clock clock;
    private final KeyedLocks<TenantId> locks = new KeyedLocks<>();

    TenantService(
            TenantRepository repository,
            TenantDirectory directory,
            Participants participants,
            EventLog events,
            Clock clock) {
        this.repository = repository;
        this.directory = directory;
        this.participants = participants;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Makes a tenant.
     *
     * @throws BerthException {@code NAME_TAKEN}, {@code TENANT_BEING_DELETED}
     */
    public Tenant create(TenantId id, String displayName) {
        Tenant tenant = new Tenant(
                id,
                newGroup(id),
                displayName,
                false,
                null,
                null,
                clock.instant().truncatedTo(ChronoUnit.MICROS), // as the database keeps it
                0);
        if (!repository.insert(tenant)) {
            throw taken(id);
        }
        directory.put(tenant);
        participants.created(id);
        LOG.infof("tenant %s created", id);
        return tenant;
    }

    private BerthException taken(TenantId id) {
        Optional<String> deletion = repository.findTenant(id).map(Tenant::deletion);
        return deletion.map(operation -> TenantErrors.beingDeleted(id, operation))
                .orElseGet(() -> TenantErrors.nameTaken(id));
    }

    /** A name for people who look at the host, and what makes it unique for all time. */
    private static GroupId newGroup(TenantId id) {
        String name = id.value().substring(0, Math.min(GROUP_NAME, id.value().length()));
        String random = Ids.next("grp");
        return new GroupId(name + "_" + random.substring(random.length() - GROUP_SUFFIX));
    }

    /** @throws BerthException {@code TENANT_NOT_FOUND} */
    public Tenant get(TenantId id) {
        return directory.find(id).orElseThrow(() -> TenantErrors.notFound(id.value()));
    }

    /** By name. */
    public Page<Tenant> list(TenantQuery query, PageRequest page) {
        if (query.among() != null && query.among().isEmpty()) {
            return new Page<>(List.of(), null);
        }
        return Page.of(
                repository.list(query.among(), query.text(), query.suspended(), page.after(), page.limit() + 1),
                page,
                tenant -> tenant.id().value());
    }

    /**
     * Changes a tenant. A suspension holds from the moment it is stored; then this blocks until what is to be paused is paused, and what is
     * to be stopped has been told. A crash in between is made good by the next start.
     *
     * @param change may throw to refuse
     */
    public Tenant change(TenantId id, UnaryOperator<Tenant> change) {
        // one at a time, so that what a suspension does and what undoes it do not cross
        try (KeyedLocks.Held held = locks.lock(id)) {
            Tenant before = get(id);
            Tenant after = repository.change(id, stored -> tell(stored, change.apply(stored)));
            directory.put(after);
            follow(before, after);
            return after;
        }
    }

    /** In the transaction that stores the change. */
    private Tenant tell(Tenant before, Tenant after) {
        SuspendMode mode = after.suspendMode();
        String object = after.id().value();
        if (mode != null && mode != before.suspendMode()) {
            events.append(after.id(), "tenant.suspended", object, Map.of("mode", mode.wireName()));
        } else if (mode == null && before.suspended()) {
            events.append(after.id(), "tenant.resumed", object, Map.of());
        } else if (!after.equals(before)) {
            events.append(after.id(), "tenant.changed", object, Map.of("displayName", after.displayName()));
        }
        return after;
    }

    private void follow(Tenant before, Tenant after) {
        SuspendMode mode = after.suspendMode();
        if (mode != null && mode != before.suspendMode()) {
            LOG.infof("tenant %s suspended (%s)", after.id(), mode.wireName());
            participants.suspend(after.id(), mode);
        } else if (mode == null && before.suspended()) {
            LOG.infof("tenant %s resumed", after.id());
            participants.resume(after.id());
        }
    }
}
