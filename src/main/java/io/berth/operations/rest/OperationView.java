package io.berth.operations.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.operations.Operation;
import io.berth.tenants.TenantId;
import java.time.Instant;
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

    /** @param total absent while unknown */
    public record Progress(
            @Nullable String message, long done, @Nullable Long total) {}

    public static OperationView of(Operation operation) {
        TenantId tenant = operation.tenant();
        return new OperationView(
                operation.id(),
                tenant == null ? null : tenant.value(),
                operation.kind(),
                operation.target(),
                operation.status(),
                new Progress(operation.message(), operation.done(), operation.total() < 0 ? null : operation.total()),
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
