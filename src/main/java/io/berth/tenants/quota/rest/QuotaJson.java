package io.berth.tenants.quota.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.berth.common.BerthException;
import io.berth.common.BerthException.FieldError;
import io.berth.common.ByteSize;
import io.berth.common.ErrorCode;
import io.berth.tenants.quota.Policy;
import io.berth.tenants.quota.Quota;
import io.berth.tenants.quota.QuotaResource;
import io.berth.tenants.quota.Unit;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Quotas and amounts as JSON: a member for each resource, {@code null} is unlimited, and the policies of pools. */
@ApplicationScoped
class QuotaJson {

    private static final String POLICIES = "policies";

    private final ObjectMapper mapper;

    QuotaJson(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    ObjectNode write(Quota quota) {
        ObjectNode json = mapper.createObjectNode();
        ObjectNode policies = mapper.createObjectNode();
        for (QuotaResource resource : QuotaResource.values()) {
            Long limit = quota.limit(resource);
            json.set(
                    resource.wireName(),
                    limit == null
                            ? mapper.nullNode()
                            : mapper.valueToTree(resource.unit().wire(limit)));
            Policy policy = quota.policy(resource);
            if (policy != null) {
                policies.put(resource.wireName(), policy.wireName());
            }
        }
        json.set(POLICIES, policies);
        return json;
    }

    /**
     * Reads a whole quota; what it leaves out is unlimited, and shared.
     *
     * @throws BerthException {@code UNKNOWN_FIELD} or {@code VALIDATION_FAILED} with every bad member
     */
    Quota read(@Nullable JsonNode body) {
        JsonNode json = requireObject(body);
        List<FieldError> errors = new ArrayList<>();
        Map<QuotaResource, Long> limits = new EnumMap<>(QuotaResource.class);
        Set<QuotaResource> reserved = EnumSet.noneOf(QuotaResource.class);
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            if (member.getKey().equals(POLICIES)) {
                readPolicies(member.getValue(), reserved, errors);
            } else {
                readAmount("", member, limits, errors);
            }
        }
        refuse(errors);
        return new Quota(limits, reserved, 0);
    }

    /** Reads a list of amounts, such as {@code {"cpus": 2, "containers": 1}}. */
    Map<QuotaResource, Long> readAmounts(String pointer, @Nullable JsonNode body) {
        JsonNode json = requireObject(body);
        List<FieldError> errors = new ArrayList<>();
        Map<QuotaResource, Long> amounts = new EnumMap<>(QuotaResource.class);
        json.properties().forEach(member -> readAmount(pointer, member, amounts, errors));
        refuse(errors);
        return amounts;
    }

    private void readAmount(
            String parent,
            Map.Entry<String, JsonNode> member,
            Map<QuotaResource, Long> amounts,
            List<FieldError> errors) {
        QuotaResource resource = find(parent, member.getKey());
        JsonNode value = member.getValue();
        if (value.isNull()) {
            return;
        }
        try {
            amounts.put(resource, amount(resource.unit(), value));
        } catch (JsonProcessingException | IllegalArgumentException | ArithmeticException e) {
            errors.add(new FieldError(parent + "/" + resource.wireName(), form(resource.unit())));
        }
    }

    private static QuotaResource find(String parent, String name) {
        return QuotaResource.find(name).orElseThrow(() -> {
            String shown = name.length() > 64 ? name.substring(0, 64) + "…" : name;
            String pointer = parent + "/" + shown.replace("~", "~0").replace("/", "~1");
            String message = "is no resource; there are " + String.join(", ", QuotaResource.wireNames());
            return new BerthException(
                    ErrorCode.UNKNOWN_FIELD,
                    pointer + ": " + message,
                    List.of(new FieldError(pointer, message)),
                    Map.of(),
                    null);
        });
    }

    private long amount(Unit unit, JsonNode value) throws JsonProcessingException {
        long amount = switch (unit) {
            case CORES -> decimal(value).movePointRight(unit.decimals()).longValueExact();
            case BYTES, BYTES_PER_SECOND ->
                mapper.treeToValue(value, ByteSize.class).bytes();
            case SECONDS -> mapper.treeToValue(value, Duration.class).toSeconds();
            case COUNT, REQUESTS_PER_MINUTE -> decimal(value).longValueExact();
        };
        if (amount < 0) {
            throw new IllegalArgumentException("negative");
        }
        return amount;
    }

    private static BigDecimal decimal(JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue()) || Math.abs(value.doubleValue()) > 1e18) {
            throw new IllegalArgumentException("no number, or an absurd one");
        }
        return value.decimalValue();
    }

    private static String form(Unit unit) {
        return switch (unit) {
            case CORES -> "must be a number of cores with at most 3 decimals, such as 1.5, or null for no limit";
            case BYTES -> "must be bytes or a string such as \"512MiB\", or null for no limit";
            case BYTES_PER_SECOND -> "must be bytes a second or a string such as \"10MiB\", or null for no limit";
            case SECONDS -> "must be seconds or a string such as \"12h\", or null for no limit";
            case COUNT, REQUESTS_PER_MINUTE -> "must be a whole number from 0, or null for no limit";
        };
    }

    private static void readPolicies(JsonNode json, Set<QuotaResource> reserved, List<FieldError> errors) {
        if (!json.isObject()) {
            errors.add(new FieldError("/" + POLICIES, "must be an object such as {\"memory\": \"reserve\"}"));
            return;
        }
        json.properties().forEach(member -> {
            QuotaResource resource = find("/" + POLICIES, member.getKey());
            String value = member.getValue().asText();
            if (!resource.hasPolicy()) {
                errors.add(new FieldError(
                        "/" + POLICIES + "/" + resource.wireName(), "has no policy: it is counted, not shared"));
            } else if (value.equals(Policy.RESERVE.wireName())) {
                reserved.add(resource);
            } else if (!value.equals(Policy.SHARE.wireName())) {
                errors.add(new FieldError("/" + POLICIES + "/" + resource.wireName(), "must be 'share' or 'reserve'"));
            }
        });
    }

    private static JsonNode requireObject(@Nullable JsonNode json) {
        if (json == null || !json.isObject()) {
            throw BerthException.invalidField("", "must be an object of resources and amounts, such as {\"cpus\": 2}");
        }
        return json;
    }

    private static void refuse(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            String detail = errors.stream()
                    .map(error -> error.pointer() + ": " + error.message())
                    .collect(Collectors.joining("; "));
            throw new BerthException(ErrorCode.VALIDATION_FAILED, detail, errors, Map.of(), null);
        }
    }
}
