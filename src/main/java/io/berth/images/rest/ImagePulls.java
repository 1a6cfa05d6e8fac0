package io.berth.images.rest;

import io.berth.common.BerthException;
import io.berth.images.Image;
import io.berth.images.ImageCatalog;
import io.berth.images.ImageReference;
import io.berth.images.ImageService.PullProgress;
import io.berth.images.StoredImageService;
import io.berth.images.registry.Credentials;
import io.berth.operations.OperationRun;
import io.berth.operations.OperationService;
import io.berth.operations.rest.OperationView;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Pulls as operations: answers with the image if it is soon there, otherwise with the operation. */
@ApplicationScoped
class ImagePulls {

    private static final int SOON_SECONDS = 20;

    private final StoredImageService images;
    private final ImageCatalog catalog;
    private final OperationService operations;

    ImagePulls(StoredImageService images, ImageCatalog catalog, OperationService operations) {
        this.images = images;
        this.catalog = catalog;
        this.operations = operations;
    }

    /** A tag is asked for anew each time, since it may have moved; what a digest stands for is not. */
    CompletionStage<Response> pull(TenantId tenant, PullRequest request, boolean async) {
        String text = request.reference();
        Credentials credentials =
                request.credentials() == null ? null : request.credentials().toCredentials();
        ImageReference reference;
        try {
            reference = ImageReference.parse(text);
        } catch (IllegalArgumentException e) {
            throw BerthException.invalidField("/reference", String.valueOf(e.getMessage()));
        }
        if (reference.digest() != null && images.find(tenant, text).isPresent()) {
            return CompletableFuture.completedFuture(created(catalog.get(tenant, text)));
        }
        OperationRun run = operations.start(tenant, "image.pull", reference.toString(), progress -> {
            images.pull(tenant, text, credentials, PullProgress.of(progress));
            return ImageView.path(catalog.get(tenant, text));
        });
        if (async) {
            return CompletableFuture.completedFuture(accepted(run));
        }
        return run.result()
                .toCompletableFuture()
                .copy()
                .thenApply(Optional::of)
                .completeOnTimeout(Optional.empty(), SOON_SECONDS, TimeUnit.SECONDS)
                .thenApply(made -> made.isPresent() ? created(catalog.get(tenant, text)) : accepted(run));
    }

    private static Response created(Image image) {
        return Response.created(URI.create(ImageView.path(image)))
                .entity(ImageView.of(image))
                .build();
    }

    private static Response accepted(OperationRun run) {
        String id = run.current().id();
        return Response.accepted(OperationView.of(run.current()))
                .location(URI.create(OperationView.path(id)))
                .build();
    }
}
