package io.berth.tenants.quota;

import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells everything that is wrong with a quota at once, each with a pointer to the field. */
final class QuotaValidator {

    private QuotaValidator() {}

    /** @throws BerthException {@code VALIDATION_FAILED} */
    static void validate(Quota quota) {
        List<FieldError> errors = new ArrayList<>();
        for (QuotaResource resource : QuotaResource.values()) {
            Long limit = quota.limit(resource);
            if (limit != null) {
                check(quota, resource, limit, errors);
            } else if (quota.reserves(resource)) {
                errors.add(new FieldError(
                        "/policies/" + resource.wireName(),
                        "'reserve' needs a limit to reserve from: give '" + resource.wireName() + "', or say 'share'"));
            }
        }
        if (!errors.isEmpty()) {
            String detail = errors.stream()
                    .map(error -> error.pointer() + ": " + error.message())
                    .collect(Collectors.joining("; "));
            throw new BerthException(ErrorCode.VALIDATION_FAILED, detail, errors, Map.of(), null);
        }
    }

    private static void check(Quota quota, QuotaResource resource, long limit, List<FieldError> errors) {
        String pointer = "/" + resource.wireName();
        if (limit < resource.least() || limit > resource.most()) {
            errors.add(new FieldError(
                    pointer,
                    "must be from " + resource.words(resource.least()) + " to " + resource.words(resource.most())
                            + ", or null for no limit"));
            return;
        }
        QuotaResource ceiling = resource.within();
        Long above = ceiling == null ? null : quota.limit(ceiling);
        if (ceiling != null && above != null && limit > above) {
            errors.add(new FieldError(
                    pointer,
                    "is " + resource.words(limit) + " and '" + ceiling.wireName() + "' only " + ceiling.words(above)
                            + ": lower the first or raise the second"));
        }
    }
}
