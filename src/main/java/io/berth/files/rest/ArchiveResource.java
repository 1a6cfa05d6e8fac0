package io.berth.files.rest;

import io.berth.api.body.SteadyInput;
import io.berth.containers.ContainerHandle;
import io.berth.engine.FilePath;
import io.berth.files.ByteStream;
import io.berth.files.FileService;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Trees of files, as tars. */
@Path("/api/v1/tenants/{tenant}/containers/{container}/archive")
@Blocking
public class ArchiveResource {

    static final String TAR = "application/x-tar";

    private final FileService files;
    private final Requested requested;

    ArchiveResource(FileService files, Requested requested) {
        this.files = files;
        this.requested = requested;
    }

    @GET
    @Produces(TAR)
    public Response read(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @QueryParam("path") @Nullable String path) {
        ContainerHandle container = requested.toWork(tenant, name);
        FilePath wanted = requested.path(path);
        ByteStream archive = requested.closing(files.archive(container, wanted));
        String file = wanted.isRoot() ? "root" : wanted.name();
        return Response.ok(archive)
                .type(TAR)
                .header("Content-Disposition", "attachment; filename*=UTF-8''" + ContentResource.encoded(file) + ".tar")
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
                .build();
    }

    /** The body is received as it is, whatever type is stated. */
    @PUT
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public FileService.Unpacked write(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @QueryParam("path") @Nullable String path,
            InputStream body) {
        ContainerHandle container = requested.toWork(tenant, name);
        return files.unpack(container, requested.path(path), new SteadyInput(body), requested.announced());
    }
}
