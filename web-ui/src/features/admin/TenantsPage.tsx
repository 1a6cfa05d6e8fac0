import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { ago } from '../../app/format';
import { useResource } from '../../app/resource';
import { load } from '../../app/session';
import { useSubmit } from '../../app/submit';
import { complain } from '../../app/toasts';
import { Field } from '../../components/Field';
import { Filter } from '../../components/Filter';
import { FormDialog } from '../../components/FormDialog';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import { Page, Table } from '../../components/Page';

const TENANTS = '/api/v1/tenants';

export function TenantsPage() {
  const [query, setQuery] = useState('');
  const [making, setMaking] = useState(false);
  const tenants = useResource(
    (signal) => api.get(TENANTS, { query: { limit: 200, ...(query && { q: query }) }, signal }),
    [query],
  );

  return (
    <Page
      title={en.admin.tenants}
      failure={tenants.failure}
      onRetry={tenants.reload}
      command={curl('GET', url(TENANTS, {}, { q: query }))}
      actions={
        <button class="button primary" onClick={() => setMaking(true)}>
          <Icon name="plus" /> {en.admin.newTenant}
        </button>
      }
    >
      <Filter value={query} onInput={setQuery} />
      <Table
        label={en.admin.tenants}
        empty={en.common.noMatch}
        head={[en.containers.name, en.admin.displayName, en.containers.state, en.containers.age]}
        rows={tenants.data?.items.map((tenant) => (
          <tr key={tenant.name}>
            <td>
              <a href={`/platform/tenants/${tenant.name}`}>{tenant.name}</a>
            </td>
            <td>{tenant.displayName}</td>
            <td>
              <span class={`badge ${tenant.suspended ? 'warn' : 'good'}`}>
                {tenant.suspended ? en.admin.suspended : en.admin.active}
              </span>
            </td>
            <td class="muted">{ago(tenant.createdAt)}</td>
          </tr>
        ))}
      />
      {making && (
        <NewTenant
          onClose={() => setMaking(false)}
          onDone={() => {
            tenants.reload();
            load().catch(complain);
          }}
        />
      )}
    </Page>
  );
}

function NewTenant({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const body = { name, ...(displayName && { displayName }) };

  const { failure, error, submit } = useSubmit(async () => {
    await api.post(TENANTS, { body });
    onDone();
    onClose();
  });

  return (
    <FormDialog
      title={en.admin.newTenant}
      action={en.common.create}
      failure={failure}
      command={curl('POST', TENANTS, body)}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={en.containers.name} hint={en.admin.tenantNameHint} error={error('/name')}>
        <input required autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Field label={en.admin.displayName} error={error('/displayName')}>
        <input maxLength={128} value={displayName} onInput={(event) => setDisplayName(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}
