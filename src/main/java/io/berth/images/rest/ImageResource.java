package io.berth.images.rest;

import io.berth.api.auth.Access;
import io.berth.api.auth.Permission;
import io.berth.api.body.SteadyInput;
import io.berth.api.idempotency.Idempotent;
import io.berth.api.paging.PageRequest;
import io.berth.api.paging.Pages;
import io.berth.common.BerthException;
import io.berth.images.Digest;
import io.berth.images.Image;
import io.berth.images.ImageCatalog;
import io.berth.images.StoredImageService;
import io.berth.tenants.TenantId;
import io.smallrye.common.annotation.Blocking;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A tenant's images. */
@Path("/api/v1/tenants/{tenant}/images")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ImageResource {

    private final StoredImageService images;
    private final ImageCatalog catalog;
    private final ImagePulls pulls;
    private final Access access;

    ImageResource(StoredImageService images, ImageCatalog catalog, ImagePulls pulls, Access access) {
        this.images = images;
        this.catalog = catalog;
        this.pulls = pulls;
        this.access = access;
    }

    @GET
    public Response list(
            @PathParam("tenant") String tenantName,
            @QueryParam("q") @DefaultValue("") @Size(max = 255) String text,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit,
            @Context UriInfo uri) {
        TenantId tenant = access.require(tenantName, Permission.IMAGES_READ);
        Set<Digest> shared = catalog.sharedLayers(tenant);
        return Pages.respond(
                catalog.list(tenant, text, PageRequest.of(cursor, limit))
                        .map(image -> ImageView.of(image, catalog, shared)),
                uri);
    }

    @POST
    @Idempotent
    @Consumes(MediaType.APPLICATION_JSON)
    public CompletionStage<Response> pull(
            @PathParam("tenant") String tenantName,
            @HeaderParam("Prefer") @Nullable String prefer,
            @Valid @NotNull PullRequest request) {
        TenantId tenant = access.require(tenantName, Permission.IMAGES_WRITE);
        return pulls.pull(tenant, request, prefer != null && prefer.contains("respond-async"));
    }

    /** The body is streamed: a docker archive, an OCI archive or a root file system, whatever type is stated. */
    @PUT
    @Path("import")
    @Consumes(MediaType.WILDCARD)
    public Response importArchive(
            @PathParam("tenant") String tenantName,
            @QueryParam("reference") @Nullable String reference,
            InputStream archive) {
        TenantId tenant = access.require(tenantName, Permission.IMAGES_WRITE);
        if (reference == null || reference.isBlank()) {
            throw BerthException.invalidField("?reference", "is required: the name the image will have");
        }
        Image image = images.importArchive(tenant, reference, new SteadyInput(archive));
        return Response.created(URI.create(ImageView.path(image)))
                .entity(ImageView.of(image))
                .build();
    }

    @GET
    @Path("{id:.+}")
    public ImageDetails get(@PathParam("tenant") String tenantName, @PathParam("id") String id) {
        TenantId tenant = access.require(tenantName, Permission.IMAGES_READ);
        Image image = catalog.get(tenant, id);
        Set<Digest> shared = catalog.sharedLayers(tenant);
        return ImageDetails.of(image, catalog.describe(image), catalog.ownSize(image, shared), shared);
    }

    @DELETE
    @Path("{id:.+}")
    public void delete(@PathParam("tenant") String tenantName, @PathParam("id") String id) {
        TenantId tenant = access.require(tenantName, Permission.IMAGES_WRITE);
        catalog.delete(tenant, id);
    }
}
