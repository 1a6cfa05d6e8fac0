import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { ago } from '../../app/format';
import { useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { Icon } from '../../components/Icon';
import { Page, Table } from '../../components/Page';
import { en } from '../../text/en';
import { Enabled } from './Enabled';
import { NewWebhook } from './NewWebhook';
import { describeTypes, WEBHOOKS } from './webhooks';

/** Where a tenant's events are sent. */
export function WebhooksPage() {
  const [making, setMaking] = useState(false);
  const path = { tenant: tenant.value };
  const webhooks = useResource((signal) => api.get(WEBHOOKS, { path, query: { limit: 200 }, signal }), [tenant.value]);
  const create = (
    <button class="button primary" onClick={() => setMaking(true)}>
      <Icon name="plus" /> {en.webhooks.create}
    </button>
  );

  return (
    <Page
      title={en.webhooks.title}
      failure={webhooks.failure}
      onRetry={webhooks.reload}
      command={curl('GET', url(WEBHOOKS, path))}
      actions={create}
    >
      {webhooks.data?.items.length === 0 ? (
        <div class="card empty">
          <h2>{en.webhooks.empty}</h2>
          <p>{en.webhooks.emptyHint}</p>
          <div class="row">{create}</div>
        </div>
      ) : (
        (webhooks.data || webhooks.loading) && (
          <Table
            label={en.webhooks.title}
            empty={en.webhooks.empty}
            head={[en.webhooks.url, en.containers.state, en.webhooks.types, en.webhooks.lastSuccess]}
            rows={webhooks.data?.items.map((each) => (
              <tr key={each.id}>
                <td class="details">
                  <a href={`/webhooks/${each.id}`}>{each.url}</a>
                  {each.description && <div class="small muted">{each.description}</div>}
                </td>
                <td>
                  <Enabled webhook={each} />
                </td>
                <td class="small">{describeTypes(each.types)}</td>
                <td class="muted">{each.lastSuccessAt ? ago(each.lastSuccessAt) : en.admin.never}</td>
              </tr>
            ))}
          />
        )
      )}
      {making && (
        <NewWebhook
          onClose={() => {
            setMaking(false);
            webhooks.reload();
          }}
        />
      )}
    </Page>
  );
}
