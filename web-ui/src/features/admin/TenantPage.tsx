import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api } from '../../api/client';
import { useResource } from '../../app/resource';
import { load } from '../../app/session';
import { complain } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import { Page } from '../../components/Page';
import { QuotaForm } from './QuotaForm';

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
