import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { dateTime } from '../../app/format';
import { useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { complain } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Curl } from '../../components/Curl';
import { Facts, type Fact } from '../../components/Facts';
import { Icon } from '../../components/Icon';
import { Page } from '../../components/Page';
import { en } from '../../text/en';
import { Deliveries } from './Deliveries';
import { Enabled } from './Enabled';
import { command, describeTypes, of, PING, WEBHOOK, type Webhook } from './webhooks';

type Asking = 'enable' | 'disable' | 'delete';

/** One webhook, and what became of the events that were sent to it. */
export function WebhookPage() {
  const { params } = useRoute();
  const { route } = useLocation();
  const id = params['id'] ?? '';
  const [asking, setAsking] = useState<Asking>();
  const [sent, setSent] = useState(0);
  const webhook = useResource((signal) => api.get(WEBHOOK, { path: of(id), signal }), [tenant.value, id, sent]);
  const data = webhook.data;
  const host = data && hostOf(data.url);

  async function ping() {
    await api.post(PING, { path: of(id) });
    setSent(sent + 1);
  }

  async function confirmed(asked: Asking) {
    if (asked === 'delete') {
      await api.delete(WEBHOOK, { path: of(id) });
      route('/webhooks');
    } else {
      await api.patch(WEBHOOK, { path: of(id), body: { enabled: asked === 'enable' } });
      webhook.reload();
    }
  }

  return (
    <Page
      title={host ?? id}
      failure={webhook.failure}
      onRetry={webhook.reload}
      actions={
        data && (
          <>
            <button class="button" onClick={() => ping().catch(complain)}>
              <Icon name="send" /> {en.webhooks.ping}
            </button>
            <button class="button" onClick={() => setAsking(data.enabled ? 'disable' : 'enable')}>
              <Icon name={data.enabled ? 'pause' : 'play'} /> {data.enabled ? en.webhooks.disable : en.webhooks.enable}
            </button>
            <button class="button danger" onClick={() => setAsking('delete')}>
              <Icon name="trash" /> {en.common.delete}
            </button>
          </>
        )
      }
    >
      {data && (
        <>
          <section class="card">
            <div class="body stack">
              <Facts of={facts(data)} />
              <div>
                <span class="small">{en.webhooks.ping}</span>
                <Curl command={command('POST', PING, id)} />
              </div>
            </div>
          </section>
          <h2>{en.webhooks.deliveries}</h2>
          <Deliveries webhook={id} sent={sent} onNews={webhook.reload} />
        </>
      )}
      {asking && data && (
        <Confirm
          title={`${asking === 'delete' ? en.common.delete : en.webhooks[asking]}: ${host}`}
          hint={en.webhooks.hints[asking]}
          action={asking === 'delete' ? en.common.delete : en.webhooks[asking]}
          name={asking === 'delete' ? host : undefined}
          harmless={asking !== 'delete'}
          command={asking === 'delete' ? command('DELETE', WEBHOOK, id) : command('PATCH', WEBHOOK, id, { enabled: asking === 'enable' })}
          onClose={() => setAsking(undefined)}
          onConfirm={() => confirmed(asking)}
        />
      )}
    </Page>
  );
}

function facts(webhook: Webhook): Fact[] {
  return [
    ['ID', <code>{webhook.id}</code>],
    [en.webhooks.url, webhook.url],
    [en.webhooks.description, webhook.description || '–'],
    [en.webhooks.types, describeTypes(webhook.types)],
    [en.containers.state, <Enabled webhook={webhook} />],
    [en.webhooks.lastSuccess, webhook.lastSuccessAt ? dateTime(webhook.lastSuccessAt) : en.admin.never],
    [en.containers.created, dateTime(webhook.createdAt)],
  ];
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
