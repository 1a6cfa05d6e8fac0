package io.berth.webhooks;

import io.berth.common.BerthException;
import io.berth.common.ErrorCode;

/** What can go wrong with webhooks. */
final class WebhookErrors {

    private WebhookErrors() {}

    static BerthException notFound(String id) {
        return new BerthException(ErrorCode.WEBHOOK_NOT_FOUND, "there is no webhook '" + clip(id) + "'");
    }

    static BerthException deliveryNotFound(String id) {
        return new BerthException(
                ErrorCode.DELIVERY_NOT_FOUND, "there is no delivery '" + clip(id) + "': it may be too long ago");
    }

    static BerthException underWay(String id) {
        return new BerthException(ErrorCode.WRONG_STATE, "delivery " + id + " is under way already");
    }

    static BerthException tooMany(int limit) {
        return new BerthException(
                ErrorCode.WRONG_STATE,
                "the tenant has " + limit + " webhooks, and may not have more: delete one, or add types to one");
    }

    static BerthException addressRefused(String host) {
        return new BerthException(
                ErrorCode.WEBHOOK_ADDRESS_REFUSED,
                "/url: " + host + " has no public address: an administrator of the platform can allow it with "
                        + "berth.webhooks.allowed-private-addresses");
    }

    private static String clip(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "…" : text;
    }
}
