package io.berth.operations;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.berth.tenants.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A piece of long work.
 *
 * @param tenant {@code null} for one of the platform, which its administrators alone see
 * @param kind what is done, such as {@code image.pull}
 * @param target what it is done to, such as an image reference
 * @param message what it is at now
 * @param done how much of {@code total} is done, in bytes or steps
 * @param total -1 while unknown
 * @param result path of what it made, once it has succeeded
 * @param problem why it failed, as a problem document
 * @param resumable whether it goes on after a restart of the server; such a one cannot be cancelled
 */
public record Operation(
        String id,
        @Nullable TenantId tenant,
        String kind,
        @Nullable String target,
        Status status,
        @Nullable String message,
        long done,
        long total,
        @Nullable String result,
        @Nullable JsonNode problem,
        Instant createdAt,
        @Nullable Instant finishedAt,
        boolean resumable) {

    /** Where an operation stands. */
    public enum Status {
        @JsonProperty("running")
        RUNNING,
        @JsonProperty("succeeded")
        SUCCEEDED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("cancelled")
        CANCELLED;

        public boolean isFinal() {
            return this != RUNNING;
        }
    }

    Operation progressed(@Nullable String text, long nowDone, long nowTotal) {
        return new Operation(
                id,
                tenant,
                kind,
                target,
                status,
                text,
                nowDone,
                nowTotal,
                result,
                problem,
                createdAt,
                finishedAt,
                resumable);
    }

    Operation finished(Status end, @Nullable String made, @Nullable JsonNode why, Instant at) {
        return new Operation(id, tenant, kind, target, end, message, done, total, made, why, createdAt, at, resumable);
    }
}
