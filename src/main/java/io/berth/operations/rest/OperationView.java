package io.berth.operations.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.operations.Operation;
import io.berth.operations.OperationPart;
import io.berth.tenants.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An operation as JSON. */
public record OperationView(
        String id,
        @Nullable String tenant,
        String kind,
        @Nullable String target,
        Operation.Status status,
        Progress progress,
        @Nullable String result,
        @Nullable JsonNode problem,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /**
     * @param total absent while unknown
     * @param parts absent if it has none, or has ended
     */
    public record Progress(
            @Nullable String message,
            long done,
            @Nullable Long total,
            @Nullable List<OperationPart> parts) {}

    public static OperationView of(Operation operation) {
        return of(operation, List.of());
    }

    /** With how far its parts are. */
    static OperationView of(Operation operation, List<OperationPart> parts) {
        TenantId tenant = operation.tenant();
        return new OperationView(
                operation.id(),
                tenant == null ? null : tenant.value(),
                operation.kind(),
                operation.target(),
                operation.status(),
                new Progress(
                        operation.message(),
                        operation.done(),
                        operation.total() < 0 ? null : operation.total(),
                        parts.isEmpty() ? null : parts),
                operation.result(),
                operation.problem(),
                operation.createdAt(),
                operation.finishedAt());
    }

    /** Where it can be asked for. */
    public static String path(String id) {
        return "/api/v1/operations/" + id;
    }
}
