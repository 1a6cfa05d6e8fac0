package io.berth.images;

import io.berth.operations.OperationPart;
import io.berth.operations.OperationTask;
import io.berth.tenants.TenantId;
import java.util.Optional;

/** The images of tenants. References are per tenant; content is shared. */
public interface ImageService {

    /** An image the tenant has, by reference ({@code busybox}, {@code host:5000/a/b:tag}, {@code name@sha256:…}) or id. */
    Optional<ResolvedImage> find(TenantId tenant, String referenceOrId);

    /** Whether the reference names a registry it could be pulled from. */
    boolean canPull(String reference);

    /**
     * Pulls an image and makes it the tenant's. Blocks until it is unpacked; interrupting the thread cancels.
     *
     * @throws io.berth.common.BerthException that explains what the registry, its address or the content lacks
     */
    ResolvedImage pull(TenantId tenant, String reference, PullProgress progress);

    /** Hears how a pull goes on. Called from several threads. */
    interface PullProgress {
        PullProgress NONE = (message, done, total) -> {};

        /** @param total bytes, or -1 while unknown */
        void update(String message, long done, long total);

        /** The same of one layer. */
        default void layer(Digest layer, String message, long done, long total) {}

        /** Tells it as the progress of an operation whose parts are the layers. */
        static PullProgress of(OperationTask.Progress operation) {
            return new PullProgress() {
                @Override
                public void update(String message, long done, long total) {
                    operation.update(message, done, total);
                }

                @Override
                public void layer(Digest layer, String message, long done, long total) {
                    operation.part(new OperationPart(layer.toString(), message, done, total));
                }
            };
        }
    }
}
