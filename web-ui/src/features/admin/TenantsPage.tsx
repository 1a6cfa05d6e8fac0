import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { Problem } from '../../api/problem';
import { curl } from '../../app/curl';
import { ago } from '../../app/format';
import { useResource } from '../../app/resource';
import { load } from '../../app/session';
import { complain } from '../../app/toasts';
import { Curl } from '../../components/Curl';
import { Dialog } from '../../components/Dialog';
import { Failure } from '../../components/Failure';
import { Field } from '../../components/Field';
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
      <input
        class="filter"
        type="search"
        aria-label={en.common.filter}
        placeholder={en.common.filter}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
      />
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
  const [failure, setFailure] = useState<unknown>();
  const body = { name, ...(displayName && { displayName }) };
  const error = (pointer: string) => (failure instanceof Problem ? failure.field(pointer) : undefined);

  async function submit(event: Event) {
    event.preventDefault();
    try {
      await api.post(TENANTS, { body });
      onDone();
      onClose();
    } catch (problem) {
      setFailure(problem);
    }
  }

  return (
    <Dialog
      title={en.admin.newTenant}
      onClose={onClose}
      footer={
        <>
          <button class="button" onClick={onClose}>
            {en.common.cancel}
          </button>
          <button type="submit" form="new-tenant" class="button primary">
            {en.common.create}
          </button>
        </>
      }
    >
      <form id="new-tenant" class="stack" onSubmit={submit}>
        {failure !== undefined && <Failure failure={failure} />}
        <Field label={en.containers.name} hint={en.admin.tenantNameHint} error={error('/name')}>
          <input required autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </Field>
        <Field label={en.admin.displayName} error={error('/displayName')}>
          <input maxLength={128} value={displayName} onInput={(event) => setDisplayName(event.currentTarget.value)} />
        </Field>
        <Curl command={curl('POST', TENANTS, body)} />
      </form>
    </Dialog>
  );
}
