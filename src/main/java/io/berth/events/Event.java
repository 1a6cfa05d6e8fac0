package io.berth.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.berth.tenants.TenantId;
import java.time.Instant;

/**
 * Something that happened. As JSON it is what streams, pages and webhooks carry.
 *
 * @param position its place among all events; also the cursor that continues after it
 * @param id {@code evt_…}, the same wherever and however often it is delivered
 * @param type such as {@code container.started}
 * @param object id of the thing it happened to
 * @param data JSON object of what is to be known beside that
 */
@JsonPropertyOrder({"id", "type", "timestamp", "tenant", "object", "data"})
public record Event(
        @JsonIgnore long position,
        String id,
        String type,
        Instant timestamp,
        @JsonSerialize(using = ToStringSerializer.class) TenantId tenant,
        String object,
        @JsonRawValue String data) {}
