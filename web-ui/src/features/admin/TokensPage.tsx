import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { ago, dateTime } from '../../app/format';
import { useResource } from '../../app/resource';
import { role, tenant } from '../../app/session';
import { useSubmit } from '../../app/submit';
import { Confirm } from '../../components/Confirm';
import { Field } from '../../components/Field';
import { FormDialog } from '../../components/FormDialog';
import { Icon } from '../../components/Icon';
import { Options } from '../../components/Options';
import { Page, Table } from '../../components/Page';
import { SecretOnce } from '../../components/SecretOnce';
import { en } from '../../text/en';
import { ROLES, type Role } from './roles';

type Token = components['schemas']['Token'];
type Scope = components['schemas']['Scope'];

/** The compiler sees to it that this is the contract's list. */
const SCOPES: Record<Exclude<Scope, 'platform:admin'>, true> = {
  'tenant:read': true,
  'tenant:write': true,
  'members:read': true,
  'members:write': true,
  'tokens:read': true,
  'tokens:write': true,
  'quota:read': true,
  'usage:read': true,
  'events:read': true,
  'audit:read': true,
  'webhooks:read': true,
  'webhooks:write': true,
  'secrets:read': true,
  'secrets:write': true,
  'containers:read': true,
  'containers:write': true,
  exec: true,
  'images:read': true,
  'images:write': true,
  'operations:read': true,
  'operations:write': true,
};

const TOKENS = '/api/v1/tenants/{tenant}/tokens';
const TOKEN = `${TOKENS}/{id}` as const;

export function TokensPage() {
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  const tokens = useResource(
    (signal) => api.get(TOKENS, { path: { tenant: tenant.value }, query: { limit: 200 }, signal }),
    [tenant.value],
  );

  return (
    <Page
      title={en.admin.tokens}
      failure={tokens.failure}
      onRetry={tokens.reload}
      command={curl('GET', url(TOKENS, { tenant: tenant.value }))}
      actions={
        role.value !== 'viewer' && (
          <button class="button primary" onClick={() => setMaking(true)}>
            <Icon name="plus" /> {en.admin.newToken}
          </button>
        )
      }
    >
      <Table
        label={en.admin.tokens}
        empty={en.admin.noTokens}
        head={[en.containers.name, en.admin.role, en.admin.scopes, en.admin.lastUsed, en.admin.expires, '']}
        rows={tokens.data?.items.map((token) => (
          <tr key={token.id}>
            <td>
              {token.name} <div class="muted small mono">{token.id}</div>
            </td>
            <td>{token.role ?? '–'}</td>
            <td class="small">{token.scopes?.join(', ') ?? en.admin.allScopes}</td>
            <td class="muted">{token.lastUsedAt ? ago(token.lastUsedAt) : en.admin.never}</td>
            <td class="muted">{token.expiresAt ? dateTime(token.expiresAt) : en.admin.never}</td>
            <td class="right">
              <button class="button small danger" onClick={() => setRevoking(token)}>
                {en.admin.revoke}
              </button>
            </td>
          </tr>
        ))}
      />
      {making && (
        <NewToken
          onClose={() => {
            setMaking(false);
            tokens.reload();
          }}
        />
      )}
      {revoking && (
        <Confirm
          title={`${en.admin.revoke}: ${revoking.name}`}
          hint={en.admin.revokeHint}
          action={en.admin.revoke}
          name={revoking.name}
          command={curl('DELETE', url(TOKEN, { tenant: tenant.value, id: revoking.id }))}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await api.delete(TOKEN, { path: { tenant: tenant.value, id: revoking.id } });
            tokens.reload();
          }}
        />
      )}
    </Page>
  );
}

function NewToken({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [wanted, setWanted] = useState<Role>(role.value === 'viewer' ? 'viewer' : 'member');
  const [ttl, setTtl] = useState('90d');
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [made, setMade] = useState<Token>();

  const path = { tenant: tenant.value };
  const body = { name, role: wanted, ...(ttl && { ttl }), ...(scopes.length > 0 && { scopes: [...scopes] }) };

  const { failure, error, submit } = useSubmit(async () => {
    setMade(await api.post(TOKENS, { path, body }));
  });

  return (
    <FormDialog
      title={en.admin.newToken}
      action={en.common.create}
      failure={failure}
      command={curl('POST', url(TOKENS, path), body)}
      result={made && <SecretOnce notice={en.admin.tokenOnce} label={en.admin.tokens} secret={made.token ?? ''} />}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={en.containers.name} error={error('/name')}>
        <input required maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Field label={en.admin.role} hint={en.admin.roles[wanted]} error={error('/role')}>
        <select value={wanted} onChange={(event) => setWanted(event.currentTarget.value as Role)}>
          <Options of={ROLES.slice(0, ROLES.indexOf(role.value) + 1)} />
        </select>
      </Field>
      <Field label={en.admin.expires} hint={en.admin.expiresHint} error={error('/ttl')}>
        <input value={ttl} onInput={(event) => setTtl(event.currentTarget.value)} />
      </Field>
      <fieldset class="plain">
        <legend>{en.admin.scopes}</legend>
        <p class="small muted">{en.admin.scopesHint}</p>
        <div class="choices">
          {(Object.keys(SCOPES) as (keyof typeof SCOPES)[]).map((scope) => (
            <label key={scope} class="row small mono">
              <input
                type="checkbox"
                checked={scopes.includes(scope)}
                onChange={(event) => setScopes(event.currentTarget.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))}
              />{' '}
              {scope}
            </label>
          ))}
        </div>
        {error('/scopes') && <div class="error small">{error('/scopes')}</div>}
      </fieldset>
    </FormDialog>
  );
}
