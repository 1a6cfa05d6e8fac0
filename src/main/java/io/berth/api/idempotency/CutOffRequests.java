package io.berth.api.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.idempotency.IdempotencyStore.Unanswered;
import io.berth.tenants.TenantId;
import io.quarkus.arc.All;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Requests with a key that the last stop of the server cut off. One that had made its thing is answered now, for its repeat,
 * before anything can happen to the thing; the keys of all others are free again.
 */
@ApplicationScoped
class CutOffRequests {

    private final IdempotencyStore store;
    private final List<MadeByRequest> makers;
    private final ObjectMapper mapper;

    CutOffRequests(IdempotencyStore store, @All List<MadeByRequest> makers, ObjectMapper mapper) {
        this.store = store;
        this.makers = makers;
        this.mapper = mapper;
    }

    void onStart(@Observes @Priority(200) StartupEvent event) {
        for (Unanswered request : store.unanswered()) {
            made(request)
                    .ifPresentOrElse(
                            made -> store.complete(request.key(), answer(made)), () -> store.release(request.key()));
        }
    }

    private Optional<MadeByRequest.Made> made(Unanswered request) {
        if (request.key().tenant().isEmpty() || request.unique().isEmpty()) {
            return Optional.empty();
        }
        TenantId tenant = new TenantId(request.key().tenant());
        return makers.stream()
                .flatMap(maker -> maker.find(tenant, request.unique()).stream())
                .findFirst();
    }

    private Claim.Answer answer(MadeByRequest.Made made) {
        try {
            Map<String, String> headers = Map.of(
                    "Location",
                    made.path(),
                    "ETag",
                    '"' + Long.toString(made.version()) + '"',
                    "Content-Type",
                    MediaType.APPLICATION_JSON);
            return new Claim.Answer(201, headers, mapper.writeValueAsBytes(made.view()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer can always be written", e);
        }
    }
}
