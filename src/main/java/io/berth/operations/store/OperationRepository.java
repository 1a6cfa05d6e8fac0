package io.berth.operations.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.operations.Operation;
import io.berth.tenants.TenantId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operations in the database. */
@ApplicationScoped
public class OperationRepository implements PanacheRepositoryBase<OperationEntity, String> {

    private final ObjectMapper mapper;

    OperationRepository(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Transactional
    public void insert(Operation operation) {
        OperationEntity entity = new OperationEntity();
        entity.id = operation.id();
        TenantId tenant = operation.tenant();
        entity.tenant = tenant == null ? null : tenant.value();
        entity.kind = operation.kind();
        entity.target = operation.target();
        entity.createdAt = operation.createdAt();
        entity.resumable = operation.resumable();
        copyState(operation, entity);
        persist(entity);
    }

    @Transactional
    public void finish(Operation operation) {
        findByIdOptional(operation.id()).ifPresent(entity -> copyState(operation, entity));
    }

    @Transactional
    public Optional<Operation> findOperation(String id) {
        return findByIdOptional(id).map(this::toOperation);
    }

    /** Marks every unfinished operation as failed but those that can go on; returns how many there were. */
    @Transactional
    public int failUnfinished(String problem, Instant now) {
        var unfinished = list("status = ?1 and not resumable", Operation.Status.RUNNING.name());
        unfinished.forEach(entity -> {
            entity.status = Operation.Status.FAILED.name();
            entity.problem = problem;
            entity.finishedAt = now;
        });
        return unfinished.size();
    }

    @Transactional
    public void deleteFinishedBefore(Instant time) {
        delete("finishedAt < ?1", time);
    }

    @Transactional
    public void deleteAllOf(TenantId tenant) {
        delete("tenant", tenant.value());
    }

    private static void copyState(Operation operation, OperationEntity entity) {
        entity.status = operation.status().name();
        entity.message = operation.message();
        entity.done = operation.done();
        entity.total = operation.total();
        entity.result = operation.result();
        entity.problem =
                operation.problem() == null ? null : operation.problem().toString();
        entity.finishedAt = operation.finishedAt();
    }

    private Operation toOperation(OperationEntity entity) {
        return new Operation(
                entity.id,
                entity.tenant == null ? null : new TenantId(entity.tenant),
                entity.kind,
                entity.target,
                Operation.Status.valueOf(entity.status),
                entity.message,
                entity.done,
                entity.total,
                entity.result,
                readProblem(entity.problem),
                entity.createdAt,
                entity.finishedAt,
                entity.resumable);
    }

    private @Nullable JsonNode readProblem(@Nullable String json) {
        try {
            return json == null ? null : mapper.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds a problem that is no JSON", e);
        }
    }
}
