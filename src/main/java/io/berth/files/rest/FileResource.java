package io.berth.files.rest;

import io.berth.api.idempotency.Idempotent;
import io.berth.containers.ContainerHandle;
import io.berth.engine.FileInfo;
import io.berth.engine.FilePath;
import io.berth.files.FileService;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Directories of containers, and what is done to names in them. */
@Path("/api/v1/tenants/{tenant}/containers/{container}/files")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class FileResource {

    private final FileService files;
    private final Requested requested;

    FileResource(FileService files, Requested requested) {
        this.files = files;
        this.requested = requested;
    }

    /** Body of {@code POST …/directories}. */
    public record DirectoryRequest(
            @Nullable String path,
            @Nullable String mode,
            @Nullable Integer uid,
            @Nullable Integer gid,
            boolean parents) {}

    /** Body of {@code POST …/moves}. */
    public record MoveRequest(
            @Nullable String from, @Nullable String to, boolean overwrite) {}

    @GET
    public Response list(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @QueryParam("path") @Nullable String path,
            @QueryParam("stat") @DefaultValue("false") boolean stat) {
        ContainerHandle container = requested.toLook(tenant, name);
        FilePath wanted = requested.path(path);
        if (stat) {
            return Response.ok(FileView.of(wanted, files.stat(container, wanted)))
                    .build();
        }
        FileService.View view = files.view(container, wanted);
        return Response.ok(FileView.of(wanted, view.info(), view.listing())).build();
    }

    @DELETE
    public void delete(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @QueryParam("path") @Nullable String path,
            @QueryParam("recursive") @DefaultValue("false") boolean recursive) {
        ContainerHandle container = requested.toWork(tenant, name);
        files.delete(container, requested.path(path), recursive);
    }

    @POST
    @Path("directories")
    @Consumes(MediaType.APPLICATION_JSON)
    @Idempotent
    public Response makeDirectory(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @Nullable DirectoryRequest request) {
        ContainerHandle container = requested.toWork(tenant, name);
        DirectoryRequest asked = Requested.required(request);
        FilePath path = requested.path("/path", "path", asked.path());
        FileInfo made = files.makeDirectory(
                container,
                path,
                FileParameters.attributes("/", asked.mode(), asked.uid(), asked.gid()),
                asked.parents());
        return Response.created(location(tenant, container, "", path))
                .entity(FileView.of(path, made))
                .build();
    }

    @POST
    @Path("moves")
    @Consumes(MediaType.APPLICATION_JSON)
    @Idempotent
    public void move(
            @PathParam("tenant") String tenant, @PathParam("container") String name, @Nullable MoveRequest request) {
        ContainerHandle container = requested.toWork(tenant, name);
        MoveRequest asked = Requested.required(request);
        FilePath from = requested.path("/from", "path", asked.from());
        FilePath to = requested.path("/to", "to", asked.to());
        files.move(container, from, to, asked.overwrite());
    }

    static URI location(String tenant, ContainerHandle container, String what, FilePath path) {
        return URI.create("/api/v1/tenants/" + tenant + "/containers/" + container.id() + "/files" + what + "?path="
                + URLEncoder.encode(path.value(), StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("%2F", "/"));
    }
}
