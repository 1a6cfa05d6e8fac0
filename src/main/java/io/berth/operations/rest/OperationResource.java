package io.berth.operations.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.operations.Operation;
import io.berth.operations.OperationService;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Long work: how it goes on, waiting for it, cancelling it. */
@Path("/api/v1/operations/{operation}")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class OperationResource {

    private static final int MAX_WAIT_SECONDS = 60;

    private final OperationService operations;
    private final Access access;

    OperationResource(OperationService operations, Access access) {
        this.operations = operations;
        this.access = access;
    }

    @GET
    public CompletionStage<OperationView> get(
            @PathParam("operation") String id,
            @QueryParam("wait") @DefaultValue("0") @Min(0) @Max(MAX_WAIT_SECONDS) int wait) {
        Operation operation = require(id, Permission.OPERATIONS_READ);
        return operations
                .await(operation.id(), Duration.ofSeconds(wait))
                .thenApply(now -> OperationView.of(now, operations.parts(now.id())));
    }

    @DELETE
    public OperationView cancel(@PathParam("operation") String id) {
        Operation operation = require(id, Permission.OPERATIONS_WRITE);
        return OperationView.of(operations.cancel(operation.id()));
    }

    private Operation require(String id, Permission permission) {
        Operation operation = operations.get(id);
        TenantId tenant = operation.tenant();
        try {
            if (tenant == null) {
                access.requireAdmin();
            } else {
                access.require(tenant, permission);
            }
        } catch (BerthException e) {
            if (e.code() == ErrorCode.TENANT_NOT_FOUND || tenant == null) {
                throw new BerthException(ErrorCode.OPERATION_NOT_FOUND, "there is no operation '" + id + "'");
            }
            throw e;
        }
        return operation;
    }
}
