import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { dateTime } from '../../app/format';
import { useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { useSubmit } from '../../app/submit';
import { Confirm } from '../../components/Confirm';
import { Curl } from '../../components/Curl';
import { Failure } from '../../components/Failure';
import { Field } from '../../components/Field';
import { FormDialog } from '../../components/FormDialog';
import { Icon } from '../../components/Icon';
import { Table } from '../../components/Page';
import { en } from '../../text/en';

type Registry = components['schemas']['Registry'];

const REGISTRIES = '/api/v1/tenants/{tenant}/registries';
const REGISTRY = `${REGISTRIES}/{host}` as const;

/** Registries that the tenant's pulls sign in at. What they sign in with is stored and never shown. */
export function Registries() {
  const [adding, setAdding] = useState(false);
  const [forgetting, setForgetting] = useState<Registry>();
  const path = { tenant: tenant.value };
  const registries = useResource((signal) => api.get(REGISTRIES, { path, signal }), [tenant.value]);
  return (
    <>
      <div class="title row">
        <h2 class="grow">{en.images.registries}</h2>
        <button class="button small" onClick={() => setAdding(true)}>
          <Icon name="key" /> {en.images.addCredentials}
        </button>
      </div>
      {registries.failure !== undefined && <Failure failure={registries.failure} onRetry={registries.reload} />}
      {(registries.data || registries.loading) && (
        <Table
          label={en.images.registries}
          empty={en.images.noRegistries}
          head={[en.images.registry, en.images.stored, '']}
          rows={registries.data?.items.map((each) => (
            <tr key={each.host}>
              <td class="details">{each.host}</td>
              <td class="muted">{dateTime(each.updatedAt)}</td>
              <td class="right">
                <button class="button quiet icon small" aria-label={`${en.images.forget} ${each.host}`} onClick={() => setForgetting(each)}>
                  <Icon name="trash" />
                </button>
              </td>
            </tr>
          ))}
        />
      )}
      <Curl command={curl('GET', url(REGISTRIES, path))} />
      {adding && <AddCredentials onClose={() => setAdding(false)} onDone={registries.reload} />}
      {forgetting && (
        <Confirm
          title={`${en.images.forget}: ${forgetting.host}`}
          hint={en.images.forgetHint}
          action={en.images.forget}
          name={forgetting.host}
          command={curl('DELETE', url(REGISTRY, { ...path, host: forgetting.host }))}
          onClose={() => setForgetting(undefined)}
          onConfirm={async () => {
            await api.delete(REGISTRY, { path: { ...path, host: forgetting.host } });
            registries.reload();
          }}
        />
      )}
    </>
  );
}

function AddCredentials({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [host, setHost] = useState('');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const path = { tenant: tenant.value, host: host.trim() };

  const { failure, error, submit } = useSubmit(async () => {
    await api.put(REGISTRY, { path, body: { username, password } });
    onDone();
    onClose();
  });

  return (
    <FormDialog
      title={en.images.addCredentials}
      action={en.common.save}
      failure={failure}
      command={curl('PUT', url(REGISTRY, path), { username, password: en.images.passwordHere })}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={en.images.registry} hint={en.images.registryHint}>
        <input required autocomplete="off" spellcheck={false} value={host} onInput={(event) => setHost(event.currentTarget.value)} />
      </Field>
      <div class="fields">
        <Field label={en.images.username} error={error('/username')}>
          <input required autocomplete="off" maxLength={256} value={username} onInput={(event) => setUsername(event.currentTarget.value)} />
        </Field>
        <Field label={en.images.password} hint={en.images.passwordHint} error={error('/password')}>
          <input
            required
            type="password"
            autocomplete="new-password"
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </Field>
      </div>
    </FormDialog>
  );
}
