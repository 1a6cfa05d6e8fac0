package io.berth.webhooks;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;
import io.berth.common.Ids;
import io.berth.events.Event;
import io.berth.events.EventFilter;
import io.berth.tenants.TenantId;
import io.berth.webhooks.store.DeliveryRepository;
import io.berth.webhooks.store.WebhookRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The webhooks of tenants. The caller has already asked whether it may. */
@ApplicationScoped
public class WebhookService {

    static final String PING = "webhook.ping";

    private static final int MAX_DESCRIPTION = 256;

    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final WebhookAddresses addresses;
    private final WebhookFanOut fanOut;
    private final WebhookDispatcher dispatcher;
    private final WebhookSecrets secrets;
    private final WebhooksConfig config;
    private final Clock clock;

    WebhookService(
            WebhookRepository webhooks,
            DeliveryRepository deliveries,
            WebhookAddresses addresses,
            WebhookFanOut fanOut,
            WebhookDispatcher dispatcher,
            WebhookSecrets secrets,
            WebhooksConfig config,
            Clock clock) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.addresses = addresses;
        this.fanOut = fanOut;
        this.dispatcher = dispatcher;
        this.secrets = secrets;
        this.config = config;
        this.clock = clock;
    }

    /**
     * A webhook, and its secret if the client is to see it now: it never will again.
     *
     * @param secret {@code null} if it has not changed
     */
    public record Shown(Webhook webhook, @Nullable String secret) {}

    /** What a change makes of a webhook. */
    public record Change(WebhookEdit edit, boolean newSecret) {}

    /**
     * Makes a webhook for events from now on. Blocks for the name service, two seconds at most.
     *
     * @throws BerthException {@code VALIDATION_FAILED}, {@code WEBHOOK_ADDRESS_REFUSED}, {@code WRONG_STATE} if there are too many
     */
    public Shown create(TenantId tenant, WebhookEdit edit) {
        String url = edit.url();
        if (url == null) {
            throw BerthException.invalidField(
                    "/url", "is required: where to send events, such as https://example.com/hook");
        }
        URI target = target(url);
        WebhookSecret secret = edit.secret() == null ? WebhookSecret.random() : WebhookSecret.parse(edit.secret());
        String id = Ids.next("whk");
        Webhook webhook = new Webhook(
                id,
                tenant,
                target,
                types(edit),
                description(edit),
                !Boolean.FALSE.equals(edit.enabled()),
                null,
                secrets.seal(secret, id),
                null,
                clock.instant(),
                0);
        if (!webhooks.insert(webhook, config.perTenant())) {
            throw WebhookErrors.tooMany(config.perTenant());
        }
        fanOut.lookAgain();
        return new Shown(webhook, secret.text());
    }

    /** @throws BerthException {@code WEBHOOK_NOT_FOUND} */
    public Webhook get(TenantId tenant, String id) {
        if (!Ids.isId("whk", id)) {
            throw WebhookErrors.notFound(id);
        }
        return webhooks.find(tenant, id).orElseThrow(() -> WebhookErrors.notFound(id));
    }

    /** Newest first, one more than asked for if there are more. */
    public List<Webhook> page(TenantId tenant, @Nullable String after, int limit) {
        return webhooks.page(tenant, after, limit);
    }

    /**
     * Changes a webhook. Disabling gives up what was still to be delivered; what happens while it is disabled is not delivered later.
     *
     * @param checkVersion throws if the version is not the one the client knows
     */
    public Shown update(TenantId tenant, String id, LongConsumer checkVersion, UnaryOperator<Change> change) {
        Webhook before = get(tenant, id);
        checkVersion.accept(before.version());
        Change wanted = change.apply(new Change(WebhookEdit.of(before), false));
        WebhookEdit edit = wanted.edit();
        String url = Objects.requireNonNullElse(edit.url(), before.url().toString());
        boolean moved = !url.equals(before.url().toString());
        WebhookSecret secret = edit.secret() != null
                ? WebhookSecret.parse(edit.secret())
                : wanted.newSecret() ? WebhookSecret.random() : null;
        boolean enabled = !Boolean.FALSE.equals(edit.enabled());
        Webhook after = new Webhook(
                id,
                tenant,
                moved ? target(url) : before.url(),
                types(edit),
                description(edit),
                enabled,
                enabled ? null : before.disabledReason(),
                secret == null ? before.sealedSecret() : secrets.seal(secret, id),
                before.lastSuccessAt(),
                before.createdAt(),
                before.version());
        if (!webhooks.update(after)) {
            throw new BerthException(
                    ErrorCode.PRECONDITION_FAILED,
                    "webhook " + id + " was changed meanwhile: read it again and repeat the change");
        }
        if (before.enabled() && !enabled) {
            deliveries.giveUp(id, "the webhook was disabled", clock.instant());
        }
        fanOut.lookAgain();
        return new Shown(get(tenant, id), secret == null ? null : secret.text());
    }

    public void delete(TenantId tenant, String id) {
        webhooks.delete(get(tenant, id).id());
        fanOut.lookAgain();
    }

    /** Sends an event made for the purpose, once, also while the webhook is disabled. */
    public Delivery ping(TenantId tenant, String id) {
        Webhook webhook = get(tenant, id);
        Event event = new Event(0, Ids.next("evt"), PING, clock.instant(), tenant, id, "{}");
        String delivery = deliveries.insertManual(webhook, event, clock.instant());
        dispatcher.wake();
        return getDelivery(tenant, id, delivery);
    }

    /** Its deliveries, newest first, one more than asked for if there are more. */
    public List<Delivery> deliveries(
            TenantId tenant, String id, Delivery.@Nullable Status status, @Nullable String after, int limit) {
        return deliveries.page(get(tenant, id).id(), status, after, limit);
    }

    /** @throws BerthException {@code DELIVERY_NOT_FOUND} */
    public Delivery getDelivery(TenantId tenant, String id, String delivery) {
        get(tenant, id);
        if (!Ids.isId("whd", delivery)) {
            throw WebhookErrors.deliveryNotFound(delivery);
        }
        return deliveries.find(tenant, id, delivery).orElseThrow(() -> WebhookErrors.deliveryNotFound(delivery));
    }

    /**
     * Tries a delivery that is over once more.
     *
     * @throws BerthException {@code WRONG_STATE} if it is not over
     */
    public Delivery redeliver(TenantId tenant, String id, String delivery) {
        Delivery known = getDelivery(tenant, id, delivery);
        if (!deliveries.redeliver(known.id(), clock.instant())) {
            throw WebhookErrors.underWay(known.id());
        }
        dispatcher.wake();
        return getDelivery(tenant, id, delivery);
    }

    private URI target(String url) {
        URI target = WebhookUrl.parse(url);
        if (addresses.isKnownToBeRefused(target)) {
            throw WebhookErrors.addressRefused(WebhookUrl.host(target));
        }
        return target;
    }

    private static List<String> types(WebhookEdit edit) {
        List<String> types = edit.types() == null ? List.of() : edit.types();
        EventFilter.checkTypes("/types", types);
        return types;
    }

    private static String description(WebhookEdit edit) {
        String description = Objects.requireNonNullElse(edit.description(), "");
        if (description.length() > MAX_DESCRIPTION || description.indexOf('\0') >= 0) {
            throw BerthException.invalidField("/description", "must be at most " + MAX_DESCRIPTION + " characters");
        }
        return description;
    }
}
