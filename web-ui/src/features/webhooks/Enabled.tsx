import { en } from '../../text/en';
import type { Webhook } from './webhooks';

/** Whether events are sent; and if the server gave up, why. */
export function Enabled({ webhook }: { webhook: Webhook }) {
  return (
    <>
      <span class={`badge ${webhook.enabled ? 'good' : webhook.disabledReason ? 'bad' : 'plain'}`}>
        {webhook.enabled ? en.webhooks.enabled : en.webhooks.disabled}
      </span>
      {!webhook.enabled && webhook.disabledReason && <div class="small muted">{webhook.disabledReason}</div>}
    </>
  );
}
