import { useLocation, useRoute } from 'preact-iso';
import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { useResource } from '../../app/resource';
import { load } from '../../app/session';
import { Confirm } from '../../components/Confirm';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import { Page } from '../../components/Page';
import { QuotaForm } from './QuotaForm';

const TENANT = '/api/v1/tenants/{tenant}';

function suspension(suspended: boolean): components['schemas']['TenantPatch'] {
  return suspended ? { suspended, suspendMode: 'pause' } : { suspended };
}

/** One tenant as an administrator of the platform sees it: its state, and its quota beside what is in use. */
export function TenantPage() {
  const { params } = useRoute();
  const { route } = useLocation();
  const name = params['name'] ?? '';
  const [asking, setAsking] = useState<'suspend' | 'resume' | 'delete'>();
  const path = { tenant: name };
  const tenant = useResource((signal) => api.get(TENANT, { path, signal }), [name]);

  async function suspend(suspended: boolean) {
    await api.patch(TENANT, { path, body: suspension(suspended) });
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
              <button class="button" onClick={() => setAsking('resume')}>
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
      {(asking === 'suspend' || asking === 'resume') && (
        <Confirm
          title={`${en.admin[asking]}: ${name}`}
          hint={asking === 'suspend' ? en.admin.suspendHint : en.admin.resumeHint}
          action={en.admin[asking]}
          harmless={asking === 'resume'}
          command={curl('PATCH', url(TENANT, path), suspension(asking === 'suspend'))}
          onClose={() => setAsking(undefined)}
          onConfirm={() => suspend(asking === 'suspend')}
        />
      )}
      {asking === 'delete' && (
        <Confirm
          title={`${en.common.delete}: ${name}`}
          hint={en.admin.deleteTenantHint}
          action={en.common.delete}
          name={name}
          command={curl('DELETE', url(TENANT, path))}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await api.delete(TENANT, { path });
            await load();
            route('/platform/tenants');
          }}
        />
      )}
    </Page>
  );
}
