package io.berth.execs.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.json.SignalField;
import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerHandle;
import io.berth.containers.ContainerLookup;
import io.berth.execs.Exec;
import io.berth.execs.ExecService;
import io.berth.execs.ExecSpec;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Processes started in running containers. */
@Path("/api/v1/tenants/{tenant}/containers/{container}/execs")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Blocking
public class ExecResource {

    private final ExecService execs;
    private final ContainerLookup containers;
    private final Access access;

    ExecResource(ExecService execs, ContainerLookup containers, Access access) {
        this.execs = execs;
        this.containers = containers;
        this.access = access;
    }

    /** Execs of a container; never many, so there is one page. */
    public record ExecList(List<ExecView> items) {}

    /** Body of {@code POST …/signal}: a name or a number. */
    public record SignalRequest(@Nullable JsonNode signal) {}

    @POST
    @Idempotent
    public CompletionStage<Response> create(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @HeaderParam(Idempotent.KEY) @Nullable String key,
            @Context RoutingContext http,
            @Nullable ExecRequest request) {
        ContainerHandle container = container(tenant, name);
        ExecRequest asked = required(request);
        ExecSpec spec = asked.toSpec();
        if (asked.waits()) {
            boolean base64 = asked.isBase64();
            // whoever gave a key may come back for the answer
            CompletionStage<?> abandoned = key == null ? end(http) : new CompletableFuture<Void>();
            return execs.run(container, spec, asked.input(), asked.timeout(), abandoned)
                    .thenApply(result ->
                            Response.ok(ExecResultView.of(result, base64)).build());
        }
        Exec exec = execs.start(container, spec);
        URI location =
                URI.create("/api/v1/tenants/" + tenant + "/containers/" + container.id() + "/execs/" + exec.id());
        return CompletableFuture.completedStage(
                Response.created(location).entity(ExecView.of(exec)).build());
    }

    /** Completes when the client has its answer, or is gone. */
    private static CompletionStage<Void> end(RoutingContext http) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        http.addEndHandler(ended -> end.complete(null));
        if (http.response().closed()) {
            end.complete(null);
        }
        return end;
    }

    @GET
    public ExecList list(@PathParam("tenant") String tenant, @PathParam("container") String name) {
        return new ExecList(
                execs.list(container(tenant, name)).stream().map(ExecView::of).toList());
    }

    @GET
    @Path("/{exec}")
    public ExecView get(
            @PathParam("tenant") String tenant, @PathParam("container") String name, @PathParam("exec") String exec) {
        return ExecView.of(execs.get(container(tenant, name), exec));
    }

    @DELETE
    @Path("/{exec}")
    public void delete(
            @PathParam("tenant") String tenant, @PathParam("container") String name, @PathParam("exec") String exec) {
        execs.delete(execs.get(container(tenant, name), exec));
    }

    @POST
    @Path("/{exec}/resize")
    public void resize(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @PathParam("exec") String exec,
            ExecRequest.@Nullable Size size) {
        Exec found = execs.get(container(tenant, name), exec);
        ExecRequest.Size wanted = required(size);
        execs.resize(found, ExecRequest.terminalSize(wanted.columns(), wanted.rows(), ""));
    }

    @POST
    @Path("/{exec}/signal")
    public void signal(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @PathParam("exec") String exec,
            @Nullable SignalRequest request) {
        Exec found = execs.get(container(tenant, name), exec);
        execs.signal(found, SignalField.parse(required(request).signal()));
    }

    private ContainerHandle container(String tenant, String name) {
        return containers.get(access.require(tenant, Permission.EXEC), name);
    }

    private static <T> T required(@Nullable T body) {
        if (body == null) {
            throw new BerthException(ErrorCode.BAD_REQUEST, "this needs a JSON body");
        }
        return body;
    }
}
