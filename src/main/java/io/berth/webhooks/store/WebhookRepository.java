package io.berth.webhooks.store;

import io.berth.tenants.TenantId;
import io.berth.webhooks.Webhook;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Webhooks in the database. */
@ApplicationScoped
public class WebhookRepository {

    private final WebhookSql sql;

    WebhookRepository(WebhookSql sql) {
        this.sql = sql;
    }

    /**
     * Stores a new one, for events from now on, unless the tenant has so many already.
     *
     * @return whether there was room
     */
    @Transactional
    public boolean insert(Webhook webhook, int limit) {
        // one at a time for a tenant, so that two never both get the last place
        var unused = sql.list(
                row -> row.getString(1),
                "select name from tenant where name = ? for no key update",
                webhook.tenant().value());
        return sql.update(
                        "insert into webhook (id, tenant, url, types, description, enabled, secret, since, created_at)"
                                + " select ?, ?, ?, cast(? as jsonb), ?, ?, ?, (select coalesce(max(position), 0) from event), ?"
                                + " where (select count(*) from webhook where tenant = ?) < ?",
                        webhook.id(),
                        webhook.tenant().value(),
                        webhook.url().toString(),
                        sql.toJson(webhook.types()),
                        webhook.description(),
                        webhook.enabled(),
                        webhook.sealedSecret(),
                        WebhookSql.time(webhook.createdAt()),
                        webhook.tenant().value(),
                        limit)
                == 1;
    }

    /**
     * Stores what was changed, if the version is still this one; when it is enabled again, for events from now on.
     *
     * @return whether it was
     */
    @Transactional
    public boolean update(Webhook webhook) {
        return sql.update(
                        "update webhook set url = ?, types = cast(? as jsonb), description = ?, secret = ?,"
                                + " since = case when ? and not enabled then (select coalesce(max(position), 0) from event) else since end,"
                                + " disabled_reason = ?, enabled = ?, version = version + 1 where id = ? and version = ?",
                        webhook.url().toString(),
                        sql.toJson(webhook.types()),
                        webhook.description(),
                        webhook.sealedSecret(),
                        webhook.enabled(),
                        webhook.disabledReason(),
                        webhook.enabled(),
                        webhook.id(),
                        webhook.version())
                == 1;
    }

    /** Disables it; returns whether it was enabled. In the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    public boolean disable(String id, String reason) {
        return sql.update(
                        "update webhook set enabled = false, disabled_reason = ?, version = version + 1"
                                + " where id = ? and enabled",
                        reason,
                        id)
                == 1;
    }

    @Transactional(Transactional.TxType.MANDATORY)
    public void succeeded(String id, Instant at) {
        sql.update("update webhook set last_success_at = ? where id = ?", WebhookSql.time(at), id);
    }

    @Transactional
    public void delete(String id) {
        sql.update("delete from webhook where id = ?", id);
    }

    public Optional<Webhook> find(TenantId tenant, String id) {
        return sql.list(this::webhook, "select * from webhook where tenant = ? and id = ?", tenant.value(), id).stream()
                .findFirst();
    }

    /** A webhook's secret as it is stored. */
    public record SealedSecret(String webhook, byte[] sealed) {}

    /** Those of all tenants. */
    public List<SealedSecret> secrets() {
        return sql.list(
                row -> new SealedSecret(row.getString("id"), row.getBytes("secret")),
                "select id, secret from webhook order by id");
    }

    /** Replaces a sealed form by another of the same secret, if it is still there. */
    @Transactional
    public boolean replaceSecret(SealedSecret before, byte[] sealed) {
        return sql.update(
                        "update webhook set secret = ? where id = ? and secret = ?",
                        sealed,
                        before.webhook(),
                        before.sealed())
                == 1;
    }

    /** Newest first. */
    public List<Webhook> page(TenantId tenant, @Nullable String after, int limit) {
        return sql.list(
                this::webhook,
                "select * from webhook where tenant = ? and id < ? order by id desc limit ?",
                tenant.value(),
                after == null ? "~" : after,
                limit);
    }

    /** Whether there is any that is enabled. */
    public boolean anyEnabled() {
        return sql.list(row -> row.getBoolean(1), "select exists (select 1 from webhook where enabled)")
                .get(0);
    }

    /** Those that are enabled, with the position their events begin after. */
    List<Wish> wishes(Collection<String> tenants) {
        return sql.list(
                row -> new Wish(
                        row.getString("id"),
                        row.getString("tenant"),
                        sql.texts(row.getString("types")),
                        row.getLong("since")),
                "select id, tenant, types, since from webhook where enabled and tenant = any (?)",
                tenants);
    }

    /** What an enabled webhook wants. */
    record Wish(String webhook, String tenant, List<String> types, long since) {}

    /** Those with more undelivered events than so many. */
    public List<Webhook> backlogged(int limit) {
        return sql.list(
                this::webhook,
                "select w.* from webhook w where w.enabled and (select count(*) from (select 1 from webhook_delivery d"
                        + " where d.webhook = w.id and d.status = 'PENDING' limit ?) d) >= ?",
                limit,
                limit);
    }

    Webhook webhook(ResultSet row) throws SQLException {
        return new Webhook(
                row.getString("id"),
                new TenantId(row.getString("tenant")),
                URI.create(row.getString("url")),
                sql.texts(row.getString("types")),
                row.getString("description"),
                row.getBoolean("enabled"),
                row.getString("disabled_reason"),
                row.getBytes("secret"),
                WebhookSql.instant(row, "last_success_at"),
                row.getTimestamp("created_at").toInstant(),
                row.getLong("version"));
    }
}
