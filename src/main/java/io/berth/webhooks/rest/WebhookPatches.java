package io.berth.webhooks.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.json.MergePatch;
import io.berth.api.problem.Failures;
import io.berth.common.BerthException;
import io.berth.webhooks.WebhookEdit;
import io.berth.webhooks.WebhookService;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Applies merge patches to webhooks. A secret that is taken away is replaced by a new one. */
@ApplicationScoped
class WebhookPatches {

    private final ObjectMapper mapper;

    WebhookPatches(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    WebhookService.Change apply(WebhookService.Change before, @Nullable JsonNode patch) {
        if (patch == null || !patch.isObject()) {
            throw BerthException.invalidField("", "must be an object of what is to change");
        }
        JsonNode secret = patch.get("secret");
        try {
            WebhookEdit edit =
                    mapper.treeToValue(MergePatch.apply(mapper.valueToTree(before.edit()), patch), WebhookEdit.class);
            return new WebhookService.Change(edit, secret != null && secret.isNull());
        } catch (JsonProcessingException e) {
            throw Failures.toBerthException(e);
        }
    }
}
