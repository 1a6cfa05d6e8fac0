package io.berth.webhooks;

import io.berth.common.BerthException;
import io.berth.secrets.SealedSecrets;
import io.berth.secrets.SecretBox;
import io.berth.webhooks.store.WebhookRepository;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** The secrets that webhooks are signed with, sealed for the webhook they belong to. */
@ApplicationScoped
class WebhookSecrets implements SealedSecrets {

    private static final Logger LOG = Logger.getLogger(WebhookSecrets.class);

    private final WebhookRepository webhooks;
    private final SecretBox box;

    WebhookSecrets(WebhookRepository webhooks, SecretBox box) {
        this.webhooks = webhooks;
        this.box = box;
    }

    byte[] seal(WebhookSecret secret, String webhook) {
        return box.seal(secret.bytes(), context(webhook));
    }

    /** @throws BerthException {@code SECRET_UNREADABLE} */
    WebhookSecret open(Webhook webhook) {
        return WebhookSecret.of(box.open(webhook.sealedSecret(), context(webhook.id())));
    }

    @Override
    public int sealAnew(SecretBox with) {
        int count = 0;
        for (WebhookRepository.SealedSecret row : webhooks.secrets()) {
            if (!with.isCurrent(row.sealed())) {
                try {
                    byte[] plain = with.open(row.sealed(), context(row.webhook()));
                    count += webhooks.replaceSecret(row, with.seal(plain, context(row.webhook()))) ? 1 : 0;
                } catch (BerthException e) {
                    LOG.errorf("webhook %s: %s", row.webhook(), e.getMessage());
                }
            }
        }
        return count;
    }

    private static String context(String webhook) {
        return "webhook:" + webhook;
    }
}
