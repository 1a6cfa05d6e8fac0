package io.berth.containers.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.berth.api.json.MergePatch;
import io.berth.api.problem.Failures;
import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ErrorCode;
import io.berth.containers.ContainerEdit;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Applies merge patches to what of a container can be changed. */
@ApplicationScoped
class ContainerPatches {

    private static final Set<String> EDITABLE = Set.of("labels", "resources", "restartPolicy");

    private final ObjectMapper mapper;

    ContainerPatches(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    ContainerEdit apply(ContainerEdit edit, JsonNode patch) {
        if (!patch.isObject()) {
            throw BerthException.invalidField("", "must be an object of what is to change");
        }
        patch.fieldNames().forEachRemaining(name -> {
            if (!EDITABLE.contains(name)) {
                String pointer = "/" + name.replace("~", "~0").replace("/", "~1");
                String message = "cannot be changed; 'labels', 'resources' and 'restartPolicy' can";
                throw new BerthException(
                        ErrorCode.UNKNOWN_FIELD,
                        pointer + ": " + message,
                        List.of(new FieldError(pointer, message)),
                        Map.of(),
                        null);
            }
        });
        try {
            return mapper.treeToValue(MergePatch.apply(mapper.valueToTree(edit), patch), ContainerEdit.class);
        } catch (JsonProcessingException e) {
            throw Failures.toBerthException(e);
        }
    }
}
