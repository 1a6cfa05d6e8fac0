package io.berth.files.rest;

import io.berth.api.body.SteadyInput;
import io.berth.api.http.RequestId;
import io.berth.api.problem.Problem;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerHandle;
import io.berth.engine.ContainerFileSystem.Written;
import io.berth.engine.FileAttributes;
import io.berth.engine.FileInfo;
import io.berth.engine.FilePath;
import io.berth.files.ByteRange;
import io.berth.files.Download;
import io.berth.files.FileService;
import io.berth.files.FileService.Conditions;
import io.berth.files.FileTags;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bytes of files. */
@Path("/api/v1/tenants/{tenant}/containers/{container}/files/content")
@Blocking
public class ContentResource {

    private final FileService files;
    private final Requested requested;

    ContentResource(FileService files, Requested requested) {
        this.files = files;
        this.requested = requested;
    }

    @GET
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public Response read(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @QueryParam("path") @Nullable String path,
            @HeaderParam("Range") @Nullable String range,
            @HeaderParam("If-Range") @Nullable String ifRange) {
        ContainerHandle container = requested.toWork(tenant, name);
        Download download = requested.closing(files.download(container, requested.path(path)));
        FileInfo file = download.info();
        String tag = FileTags.of(file);
        if (FileTags.matches(requested.list("If-None-Match"), tag, true)) {
            download.close();
            return Response.notModified().header(HttpHeaders.ETAG, tag).build();
        }
        try {
            boolean same = (ifRange == null || ifRange.strip().equals(tag)) && requested.isGet();
            Optional<ByteRange> part = ByteRange.parse(same ? range : null, file.size());
            if (part.isEmpty()) {
                return headed(Response.ok(download), file, tag);
            }
            ByteRange found = part.get();
            return headed(
                    Response.status(Response.Status.PARTIAL_CONTENT)
                            .entity(download.part(found))
                            .header("Content-Range", "bytes " + found.first() + "-" + found.last() + "/" + file.size()),
                    file,
                    tag);
        } catch (ByteRange.Unsatisfiable e) {
            download.close();
            return unsatisfiable(file.size());
        }
    }

    private static Response headed(Response.ResponseBuilder response, FileInfo file, String tag) {
        return response.type(MediaType.APPLICATION_OCTET_STREAM)
                .header(HttpHeaders.ETAG, tag)
                .header(
                        HttpHeaders.LAST_MODIFIED,
                        DateTimeFormatter.RFC_1123_DATE_TIME.format(file.modifiedAt()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .atOffset(ZoneOffset.UTC)))
                .header("Accept-Ranges", "bytes")
                .header("Content-Disposition", "attachment; filename*=UTF-8''" + encoded(file.name()))
                .header("X-Content-Type-Options", "nosniff")
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .build();
    }

    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    private Response unsatisfiable(long size) {
        RoutingContext context = requested.context();
        Problem problem = Problem.of(
                        ErrorCode.RANGE_NOT_SATISFIABLE, "the file has " + size + " bytes, and none in this range")
                .of(context.request().path(), RequestId.of(context));
        return Response.status(problem.status())
                .entity(problem)
                .type(Problem.MEDIA_TYPE)
                .header("Content-Range", "bytes */" + size)
                .build();
    }

    /** The body is received as it is, whatever type is stated. */
    @PUT
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    public Response write(
            @PathParam("tenant") String tenant,
            @PathParam("container") String name,
            @QueryParam("path") @Nullable String path,
            @QueryParam("mode") @Nullable String mode,
            @QueryParam("uid") @Nullable Integer uid,
            @QueryParam("gid") @Nullable Integer gid,
            @QueryParam("parents") @DefaultValue("false") boolean parents,
            InputStream body) {
        ContainerHandle container = requested.toWork(tenant, name);
        FilePath wanted = requested.path(path);
        FileAttributes attributes = FileParameters.attributes("?", mode, uid, gid);
        Written written = files.write(
                container,
                wanted,
                new SteadyInput(body),
                requested.announced(),
                attributes,
                parents,
                new Conditions(requested.list("If-Match"), requested.list("If-None-Match")));
        Response.ResponseBuilder response = written.created()
                ? Response.created(FileResource.location(tenant, container, "/content", wanted))
                : Response.noContent();
        return response.header(HttpHeaders.ETAG, FileTags.of(written.info())).build();
    }
}
