package io.berth.webhooks.store;

import io.berth.common.Ids;
import io.berth.events.Event;
import io.berth.events.EventFilter;
import io.berth.events.store.EventRepository;
import io.berth.tenants.TenantId;
import io.berth.webhooks.Delivery;
import io.berth.webhooks.DueDelivery;
import io.berth.webhooks.Webhook;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Deliveries in the database: those to be made, and the log of those that were. */
@ApplicationScoped
public class DeliveryRepository {

    /** Events turned into deliveries at once, at most. */
    public static final int BATCH = 500;

    private final WebhookSql sql;
    private final WebhookRepository webhooks;
    private final EventRepository events;

    DeliveryRepository(WebhookSql sql, WebhookRepository webhooks, EventRepository events) {
        this.sql = sql;
        this.webhooks = webhooks;
        this.events = events;
    }

    /**
     * Turns the next events into deliveries to those who want them. The cursor moves in the same transaction, so that each event
     * becomes one delivery to each webhook, whatever happens to the server.
     *
     * @return how many events there were, {@link #BATCH} at most
     */
    @Transactional
    public int fanOut(Instant now) {
        long cursor = sql.list(
                        row -> row.getLong(1),
                        "select greatest(position, (select min(since) from webhook where enabled)) from webhook_cursor for update")
                .get(0);
        List<Event> batch = events.after(cursor, BATCH);
        if (batch.isEmpty()) {
            return 0;
        }
        Map<String, List<WebhookRepository.Wish>> wishes =
                webhooks
                        .wishes(batch.stream()
                                .map(event -> event.tenant().value())
                                .collect(Collectors.toSet()))
                        .stream()
                        .collect(Collectors.groupingBy(WebhookRepository.Wish::tenant));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Event event : batch) {
            for (WebhookRepository.Wish wish :
                    wishes.getOrDefault(event.tenant().value(), List.of())) {
                if (event.position() > wish.since()
                        && EventFilter.matchesType(Set.copyOf(wish.types()), event.type())) {
                    rows.add(row(wish.webhook(), event));
                }
            }
        }
        insert(rows, now, false);
        sql.update(
                "update webhook_cursor set position = ?",
                batch.get(batch.size() - 1).position());
        return batch.size();
    }

    private Map<String, Object> row(String webhook, Event event) {
        return Map.of(
                "id", Ids.next("whd"),
                "webhook", webhook,
                "event_id", event.id(),
                "event_type", event.type(),
                "payload", sql.toJson(event));
    }

    private void insert(List<Map<String, Object>> rows, Instant now, boolean manual) {
        if (!rows.isEmpty()) {
            sql.update(
                    "insert into webhook_delivery (id, webhook, event_id, event_type, payload, status, manual, next_attempt_at,"
                            + " created_at) select r.id, r.webhook, r.event_id, r.event_type, r.payload, 'PENDING', ?, ?, ?"
                            + " from json_to_recordset(cast(? as json))"
                            + " as r(id text, webhook text, event_id text, event_type text, payload text)",
                    manual,
                    WebhookSql.time(now),
                    WebhookSql.time(now),
                    sql.toJson(rows));
        }
    }

    /** Makes a delivery to be tried once, also while the webhook is disabled; returns its id. */
    @Transactional
    public String insertManual(Webhook webhook, Event event, Instant now) {
        Map<String, Object> row = row(webhook.id(), event);
        insert(List.of(row), now, true);
        return String.valueOf(row.get("id"));
    }

    /** Has a delivery that is over tried once more; returns whether it was over. */
    @Transactional
    public boolean redeliver(String id, Instant now) {
        return sql.update(
                        "update webhook_delivery set status = 'PENDING', manual = true, next_attempt_at = ?,"
                                + " finished_at = null where id = ? and status <> 'PENDING'",
                        WebhookSql.time(now),
                        id)
                == 1;
    }

    /** The next due delivery of each webhook, the longest due first. */
    public List<DueDelivery> due(
            Instant now, Collection<String> exceptWebhooks, Collection<String> exceptTenants, int limit) {
        return sql.list(
                row -> new DueDelivery(
                        webhooks.webhook(row),
                        row.getString("delivery_id"),
                        row.getString("event_id"),
                        row.getString("payload"),
                        row.getBoolean("manual"),
                        row.getInt("attempts"),
                        row.getTimestamp("delivery_created_at").toInstant()),
                "select w.*, d.* from webhook w cross join lateral (select d.id as delivery_id, d.event_id, d.payload, d.manual,"
                        + " d.attempts, d.next_attempt_at, d.created_at as delivery_created_at from webhook_delivery d"
                        + " where d.webhook = w.id and d.status = 'PENDING' and d.next_attempt_at <= ?"
                        + " order by d.next_attempt_at, d.seq limit 1) d"
                        + " where w.id <> all (?) and w.tenant <> all (?) order by d.next_attempt_at limit ?",
                WebhookSql.time(now),
                exceptWebhooks,
                exceptTenants,
                limit);
    }

    /** Writes down an attempt; with a time for the next one it is tried again, else it is over. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void attempted(DueDelivery delivery, DueDelivery.Outcome outcome, @Nullable Instant next, Instant now) {
        Delivery.Status status = outcome.succeeded()
                ? Delivery.Status.SUCCEEDED
                : next == null ? Delivery.Status.FAILED : Delivery.Status.PENDING;
        sql.update(
                "update webhook_delivery set status = ?, attempts = attempts + 1, next_attempt_at = ?, response_code = ?,"
                        + " duration_ms = ?, error = ?, finished_at = ? where id = ? and status = 'PENDING'",
                status.name(),
                next == null ? null : WebhookSql.time(next),
                outcome.responseCode(),
                outcome.durationMs(),
                outcome.error(),
                next == null ? WebhookSql.time(now) : null,
                delivery.id());
    }

    /** Gives up what was still to be delivered to it. */
    @Transactional
    public void giveUp(String webhook, String why, Instant now) {
        sql.update(
                "update webhook_delivery set status = 'FAILED', next_attempt_at = null, error = ?, finished_at = ?"
                        + " where webhook = ? and status = 'PENDING' and not manual",
                why,
                WebhookSql.time(now),
                webhook);
    }

    /** Newest first. */
    public List<Delivery> page(String webhook, Delivery.@Nullable Status status, @Nullable String after, int limit) {
        return sql.list(
                DeliveryRepository::delivery,
                "select * from webhook_delivery where webhook = ? and id < ? and (cast(? as text) is null or status = ?)"
                        + " order by id desc limit ?",
                webhook,
                after == null ? "~" : after,
                status == null ? null : status.name(),
                status == null ? null : status.name(),
                limit);
    }

    public Optional<Delivery> find(TenantId tenant, String webhook, String id) {
        return sql
                .list(
                        DeliveryRepository::delivery,
                        "select d.* from webhook_delivery d join webhook w on w.id = d.webhook"
                                + " where w.tenant = ? and w.id = ? and d.id = ?",
                        tenant.value(),
                        webhook,
                        id)
                .stream()
                .findFirst();
    }

    /**
     * Forgets what was over before a time, and all but the newest {@code kept} of each webhook. Where those end is looked for
     * once for each webhook that has more: beside each delivery, it would take a time that grows with the square of their number.
     */
    @Transactional
    public void forget(Instant before, int kept) {
        sql.update("delete from webhook_delivery where finished_at < ?", WebhookSql.time(before));
        sql.update(
                "delete from webhook_delivery d using (select webhook from webhook_delivery where finished_at is not null"
                        + " group by webhook having count(*) > ?) w cross join lateral (select k.id from webhook_delivery k"
                        + " where k.webhook = w.webhook and k.finished_at is not null order by k.id desc offset ? limit 1) newest"
                        + " where d.webhook = w.webhook and d.id <= newest.id and d.finished_at is not null",
                kept,
                kept);
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        int code = row.getInt("response_code");
        Integer responseCode = row.wasNull() ? null : code;
        double millis = row.getDouble("duration_ms");
        Double durationMs = row.wasNull() ? null : millis;
        return new Delivery(
                row.getString("id"),
                row.getString("event_id"),
                row.getString("event_type"),
                Delivery.Status.valueOf(row.getString("status")),
                row.getInt("attempts"),
                WebhookSql.instant(row, "next_attempt_at"),
                responseCode,
                durationMs,
                row.getString("error"),
                row.getTimestamp("created_at").toInstant(),
                WebhookSql.instant(row, "finished_at"));
    }
}
