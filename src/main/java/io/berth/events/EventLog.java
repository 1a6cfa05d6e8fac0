package io.berth.events;

import io.berth.events.store.OutboxRepository;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Where features tell what happened: in the transaction that changes the thing, so that there is no change without its event and
 * no event without its change. Costs one short statement; everything else is done later, by others.
 */
@ApplicationScoped
public class EventLog {

    private final OutboxRepository outbox;
    private final EventSequencer sequencer;
    private final TransactionSynchronizationRegistry transactions;
    private final Clock clock;

    EventLog(
            OutboxRepository outbox,
            EventSequencer sequencer,
            TransactionSynchronizationRegistry transactions,
            Clock clock) {
        this.outbox = outbox;
        this.sequencer = sequencer;
        this.transactions = transactions;
        this.clock = clock;
    }

    /**
     * Tells one event, if the transaction commits.
     *
     * @param type such as {@code tenant.suspended}
     * @param object id of the thing it happened to
     * @throws jakarta.transaction.TransactionalException if there is no transaction
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void append(TenantId tenant, String type, String object, Map<String, ?> data) {
        append(tenant, List.of(new EventDraft(type, object, data)));
    }

    /** Tells several events, in this order, if the transaction commits. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void append(TenantId tenant, List<EventDraft> events) {
        if (!events.isEmpty()) {
            outbox.append(tenant, events, clock.instant(), false);
            wakeAfterCommit();
        }
    }

    /**
     * Writes events down that are not to be told before {@link #release}; then all that is told of their objects later comes after them.
     * If the server ends first they are told at its next start.
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void appendHeld(TenantId tenant, List<EventDraft> events) {
        outbox.append(tenant, events, clock.instant(), true);
    }

    /** Tells what was held of an object. After the commit of the transaction that wrote it; never blocks. */
    public void release(String object) {
        sequencer.release(object);
    }

    /** Forgets what is held of an object. Repeatable. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void withdraw(String object) {
        outbox.withdraw(object);
    }

    private void wakeAfterCommit() {
        transactions.registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {}

            @Override
            public void afterCompletion(int status) {
                if (status == Status.STATUS_COMMITTED) {
                    sequencer.wake();
                }
            }
        });
    }
}
