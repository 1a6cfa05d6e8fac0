package io.berth.tenancy;

import io.berth.api.auth.CredentialRevoked;
import io.berth.common.BerthException;
import io.berth.operations.Operation;
import io.berth.operations.OperationService;
import io.berth.operations.OperationTask.Progress;
import io.berth.tenants.Tenant;
import io.berth.tenants.TenantDirectory;
import io.berth.tenants.TenantId;
import io.berth.tenants.TenantParticipant;
import io.berth.tenants.store.TenantRepository;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Deletes tenants with everything of theirs, as operations of the platform, which outlive what they delete. One transaction marks the
 * tenant and stores the operation: from then on the tenant does not exist for anybody. Then each {@link TenantParticipant} removes what is its
 * own, and at the end the row goes, and with it the name is free. What fails is tried again until it succeeds; after a
 * crash the next start goes on, from the first participant, since each is repeatable.
 */
@ApplicationScoped
public class TenantDeletion {

    private static final Logger LOG = Logger.getLogger(TenantDeletion.class);
    private static final String KIND = "tenant.delete";
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    private final TenantRepository repository;
    private final TenantDirectory directory;
    private final OperationService operations;
    private final Participants participants;
    private final Event<CredentialRevoked> revoked;

    private record Marked(Tenant tenant, Operation operation) {}

    TenantDeletion(
            TenantRepository repository,
            TenantDirectory directory,
            OperationService operations,
            Participants participants,
            Event<CredentialRevoked> revoked) {
        this.repository = repository;
        this.directory = directory;
        this.operations = operations;
        this.participants = participants;
        this.revoked = revoked;
    }

    /** After the containers have been found again, which may be the tenant's. */
    void onStart(@Observes @Priority(400) StartupEvent event) {
        for (Tenant tenant : repository.listDeleted()) {
            directory.put(tenant);
            LOG.infof("tenant %s: its deletion goes on", tenant.id());
            run(tenant, operations.get(String.valueOf(tenant.deletion())));
        }
    }

    /**
     * Begins to delete a tenant.
     *
     * @throws BerthException {@code TENANT_NOT_FOUND}
     */
    public Operation begin(TenantId id) {
        Marked marked = QuarkusTransaction.requiringNew().call(() -> {
            Operation operation = operations.createResumable(KIND, id.value());
            return new Marked(repository.markDeleted(id, operation.id()), operation);
        });
        directory.put(marked.tenant());
        revoked.fire(CredentialRevoked.tenant(id));
        LOG.infof(
                "tenant %s is being deleted by operation %s",
                id, marked.operation().id());
        return run(marked.tenant(), marked.operation());
    }

    private Operation run(Tenant tenant, Operation operation) {
        return operations
                .run(operation, progress -> {
                    deletePersistently(tenant.id(), progress);
                    return null;
                })
                .current();
    }

    @SuppressWarnings("CatchingUnchecked") // whatever stands in the way now, the tenant is to go
    private void deletePersistently(TenantId id, Progress progress) throws InterruptedException {
        Duration delay = FIRST_DELAY;
        while (true) {
            try {
                delete(id, progress);
                return;
            } catch (RuntimeException e) {
                LOG.warnf(e, "tenant %s: its deletion did not get to the end; trying again in %s", id, delay);
            }
            Thread.sleep(delay.toMillis());
            delay = delay.multipliedBy(2).compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay.multipliedBy(2);
        }
    }

    private void delete(TenantId id, Progress progress) {
        List<TenantParticipant> steps = participants.inOrder();
        int total = steps.size() + 1;
        for (int done = 0; done < steps.size(); done++) {
            TenantParticipant step = steps.get(done);
            progress.update("removing " + step.subject(), done, total);
            step.delete(id);
        }
        progress.update("freeing the name", steps.size(), total);
        // fails if a request that was under way has added something: then all of it is gone through again
        repository.remove(id);
        directory.forget(id);
        progress.update("done", total, total);
        LOG.infof("tenant %s deleted", id);
    }
}
