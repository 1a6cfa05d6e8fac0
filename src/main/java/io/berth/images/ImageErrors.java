package io.berth.images;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;

/** The failures of this feature that a client hears of. */
public final class ImageErrors {

    private ImageErrors() {}

    public static BerthException notFound(String referenceOrId) {
        String shown = referenceOrId.length() > 200 ? referenceOrId.substring(0, 200) + "…" : referenceOrId;
        return new BerthException(
                ErrorCode.IMAGE_NOT_FOUND, "no image '" + shown + "': pull or import it, or list what there is");
    }

    public static BerthException invalidReference(String pointer, IllegalArgumentException e) {
        return BerthException.invalidField(pointer, String.valueOf(e.getMessage()));
    }

    public static BerthException inUse(String reference) {
        return new BerthException(
                ErrorCode.IMAGE_IN_USE, "image " + reference + " is used by a container: delete the container first");
    }

    public static BerthException invalidArchive(String message) {
        return new BerthException(ErrorCode.INVALID_ARCHIVE, message);
    }

    public static BerthException invalidImage(String message) {
        return new BerthException(ErrorCode.INVALID_IMAGE, message);
    }

    public static BerthException digestMismatch(String message) {
        return new BerthException(ErrorCode.DIGEST_MISMATCH, message);
    }
}
