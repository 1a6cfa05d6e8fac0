package io.berth.testing;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.images.Digest;
import io.berth.images.ImageConfig;
import io.berth.images.ImageHealthcheck;
import io.berth.images.ImageService;
import io.berth.images.ResolvedImage;
import io.berth.tenants.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Images without content, in tests whose profile enables it. There is {@code busybox}, which runs {@code sh}, and {@code checked}, which
 * has a health check as well; {@code quick/…} can
 * be pulled at once, {@code slow/…} once {@link #arrive} was called.
 */
@Alternative
@ApplicationScoped
public class FakeImages implements ImageService {

    public static final Digest DIGEST = new Digest("a".repeat(64));

    private volatile CountDownLatch slow = new CountDownLatch(1);

    /** Lets the slow pulls under way end; those begun later wait again. */
    public void arrive() {
        slow.countDown();
        slow = new CountDownLatch(1);
    }

    @Override
    public Optional<ResolvedImage> find(TenantId tenant, String reference) {
        return reference.equals("busybox") || reference.equals("checked")
                ? Optional.of(image(reference))
                : Optional.empty();
    }

    @Override
    public boolean canPull(String reference) {
        return reference.contains("/");
    }

    @Override
    public ResolvedImage pull(TenantId tenant, String reference, PullProgress progress) {
        progress.update("pulling", 0, 100);
        if (reference.startsWith("slow/")) {
            try {
                if (!slow.await(30, TimeUnit.SECONDS)) {
                    throw new BerthException(ErrorCode.REGISTRY_FAILED, "nobody let the slow image arrive");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BerthException(ErrorCode.UNAVAILABLE, "interrupted", e);
            }
        }
        if (reference.startsWith("missing/")) {
            throw new BerthException(ErrorCode.IMAGE_NOT_FOUND, "the registry has no image '" + reference + "'");
        }
        return image(reference);
    }

    private static ResolvedImage image(String reference) {
        ImageHealthcheck check = new ImageHealthcheck(List.of("true"), Duration.ofMillis(5500), null, null, 2);
        ImageConfig config = new ImageConfig(
                List.of(),
                List.of("sh"),
                List.of("FROM=image"),
                null,
                null,
                null,
                Map.of(),
                List.of(),
                reference.equals("checked") ? check : null);
        return new ResolvedImage(reference, DIGEST, List.of(Path.of("/layers/base")), config);
    }
}
