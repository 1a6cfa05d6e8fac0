import { useLocation, useRoute } from 'preact-iso';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../../api/client';
import { useResource } from '../../app/resource';
import { load } from '../../app/session';
import { complain, tell } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Failure } from '../../components/Failure';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import { Page } from './Page';
import { amount, changes, type Quota, type UsageNow } from './quota';

/** One tenant as an administrator of the platform sees it: its state, and its quota beside what is in use. */
export function TenantPage() {
  const { params } = useRoute();
  const { route } = useLocation();
  const name = params['name'] ?? '';
  const [asking, setAsking] = useState<'suspend' | 'delete'>();
  const path = { tenant: name };
  const tenant = useResource((signal) => api.get('/api/v1/tenants/{tenant}', { path, signal }), [name]);

  async function suspend(suspended: boolean) {
    await api.patch('/api/v1/tenants/{tenant}', { path, body: suspended ? { suspended, suspendMode: 'pause' } : { suspended } });
    tenant.reload();
  }

  return (
    <Page
      title={name}
      failure={tenant.failure}
      onRetry={tenant.reload}
      actions={
        tenant.data && (
          <>
            <span class={`badge ${tenant.data.suspended ? 'warn' : 'good'}`}>
              {tenant.data.suspended ? en.admin.suspended : en.admin.active}
            </span>
            {tenant.data.suspended ? (
              <button class="button" onClick={() => suspend(false).catch(complain)}>
                <Icon name="play" /> {en.admin.resume}
              </button>
            ) : (
              <button class="button" onClick={() => setAsking('suspend')}>
                <Icon name="pause" /> {en.admin.suspend}
              </button>
            )}
            <button class="button danger" onClick={() => setAsking('delete')}>
              <Icon name="trash" /> {en.common.delete}
            </button>
          </>
        )
      }
    >
      {tenant.data && <QuotaForm key={name} name={name} />}
      {asking === 'suspend' && (
        <Confirm
          title={`${en.admin.suspend}: ${name}`}
          hint={en.admin.suspendHint}
          action={en.admin.suspend}
          onClose={() => setAsking(undefined)}
          onConfirm={() => suspend(true)}
        />
      )}
      {asking === 'delete' && (
        <Confirm
          title={`${en.common.delete}: ${name}`}
          hint={en.admin.deleteTenantHint}
          action={en.common.delete}
          name={name}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await api.delete('/api/v1/tenants/{tenant}', { path });
            await load();
            route('/platform/tenants');
          }}
        />
      )}
    </Page>
  );
}

function QuotaForm({ name }: { name: string }) {
  const path = { tenant: name };
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<unknown>();
  const [over, setOver] = useState<readonly { resource: string; message: string }[]>([]);
  const quota = useResource((signal) => api.full('get', '/api/v1/tenants/{tenant}/quota', { path, signal }), [name]);
  const usage = useResource((signal) => api.get('/api/v1/tenants/{tenant}/usage', { path, signal }), [name]);
  const now = usage.data?.now ?? {};
  const before = quota.data ? textsOf(quota.data.data, now) : {};
  useEffect(() => setTexts(before), [quota.data, usage.data !== undefined]);

  const units = Object.fromEntries(Object.entries(now).map(([resource, each]) => [resource, each.unit]));
  const { patch, wrong } = changes(before, texts, units);
  const etag = quota.data?.headers.get('ETag');

  async function save(event: Event) {
    event.preventDefault();
    setFailure(undefined);
    try {
      const answer = await api.patch('/api/v1/tenants/{tenant}/quota', {
        path,
        body: patch as Quota,
        headers: { ...(etag && { 'If-Match': etag }) },
      });
      setOver(answer.over);
      tell(en.admin.quotaSaved);
      quota.reload();
      usage.reload();
    } catch (problem) {
      setFailure(problem);
    }
  }

  if (quota.failure !== undefined) return <Failure failure={quota.failure} onRetry={quota.reload} />;
  // units come with the usage: what was typed before would be read in none, and be overwritten
  if (!quota.data || (!usage.data && usage.failure === undefined)) return <div class="card empty">{en.common.loading}</div>;
  return (
    <form class="card" onSubmit={save}>
      <header>
        <h2>{en.admin.quota}</h2>
        <button class="button primary small" disabled={Object.keys(patch).length === 0 || wrong.length > 0}>
          {en.common.save}
        </button>
      </header>
      <div class="body stack">
        {failure !== undefined && <Failure failure={failure} />}
        {over.length > 0 && (
          <div class="notice warn" role="status">
            {over.map((each) => (
              <p key={each.resource}>{each.message}</p>
            ))}
          </div>
        )}
        <table aria-label={en.admin.quota}>
          <thead>
            <tr>
              <th>{en.admin.resource}</th>
              <th>{en.admin.limit}</th>
              <th class="right">{en.admin.used}</th>
              <th class="right wide-only">{en.admin.reserved}</th>
            </tr>
          </thead>
          <tbody>
            {Object.keys(before).map((resource) => {
              const label = en.admin.resources[resource as keyof typeof en.admin.resources] ?? resource;
              const limit = patch[resource];
              const tight = limit !== undefined && limit !== null && limit < (now[resource]?.used ?? 0);
              return (
                <tr key={resource}>
                  <td>{label}</td>
                  <td>
                    <input
                      class="filter"
                      aria-label={label}
                      aria-invalid={wrong.includes(resource)}
                      placeholder={en.common.unlimited}
                      value={texts[resource] ?? ''}
                      onInput={(event) => setTexts({ ...texts, [resource]: event.currentTarget.value })}
                    />
                    {tight && <div class="small notice warn">{en.admin.belowUse}</div>}
                  </td>
                  <td class="right">{amount(now[resource]?.used, units[resource])}</td>
                  <td class="right muted wide-only">{amount(now[resource]?.reserved, units[resource])}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </form>
  );
}

function textsOf(quota: Quota, now: Record<string, UsageNow>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [resource, value] of Object.entries(quota)) {
    if (resource === 'policies' || typeof value === 'object' && value !== null) continue;
    texts[resource] = value === null || value === undefined ? '' : typeof value === 'number' ? amount(value, now[resource]?.unit).replaceAll(',', '') : String(value);
  }
  return texts;
}
