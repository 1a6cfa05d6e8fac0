import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { ago, dateTime } from '../../app/format';
import { useResource } from '../../app/resource';
import { useSubmit } from '../../app/submit';
import { complain } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Dialog } from '../../components/Dialog';
import { Field } from '../../components/Field';
import { Filter } from '../../components/Filter';
import { FormDialog } from '../../components/FormDialog';
import { Icon } from '../../components/Icon';
import { Page, Table } from '../../components/Page';
import { SecretOnce } from '../../components/SecretOnce';
import { en } from '../../text/en';

type User = components['schemas']['User'];
type Edit = components['schemas']['UserPatch'];

const USERS = '/api/v1/users';
const USER = `${USERS}/{user}` as const;
const LINKS = '/api/v1/signin-links';

const EDITS = {
  makeAdministrator: { admin: true },
  noAdministrator: { admin: false },
  enable: { disabled: false },
  disable: { disabled: true },
} satisfies Record<string, Edit>;

type Change = keyof typeof EDITS;

interface Link {
  user: string;
  url: string;
  expiresAt: string;
}

/** Who may sign in, whichever way; links that do it once. */
export function UsersPage() {
  const [query, setQuery] = useState('');
  const [making, setMaking] = useState(false);
  const [link, setLink] = useState<Link>();
  const [changing, setChanging] = useState<{ user: User; change: Change }>();
  const users = useResource((signal) => api.get(USERS, { query: { limit: 200, ...(query && { q: query }) }, signal }), [query]);

  const edit = (user: User, body: Edit) => api.patch(USER, { path: { user: user.id }, body }).then(users.reload);

  async function makeLink(user: User) {
    const made = await api.post(LINKS, { body: { user: user.id } });
    if (made.url) setLink({ user: user.name, url: new URL(made.url, location.href).href, expiresAt: made.expiresAt });
  }

  return (
    <Page
      title={en.admin.users}
      failure={users.failure}
      onRetry={users.reload}
      command={curl('GET', url(USERS, {}, { q: query }))}
      actions={
        <button class="button primary" onClick={() => setMaking(true)}>
          <Icon name="plus" /> {en.admin.newUser}
        </button>
      }
    >
      <Filter value={query} onInput={setQuery} />
      <Table
        label={en.admin.users}
        empty={query ? en.common.noMatch : en.admin.noUsers}
        head={[en.admin.user, en.admin.source, en.admin.lastSeen, en.containers.state, '']}
        rows={users.data?.items.map((user) => (
          <tr key={user.id}>
            <td>
              {user.displayName} <span class="muted">{user.name}</span>
              {user.email && <div class="small muted">{user.email}</div>}
            </td>
            <td class="muted">{user.issuer ?? en.admin.builtIn}</td>
            <td class="muted">{user.lastSeenAt ? ago(user.lastSeenAt) : en.admin.never}</td>
            <td>
              <span class={`badge ${user.disabled ? 'bad' : 'good'}`}>{user.disabled ? en.admin.disabled : en.admin.active}</span>
              {user.admin && <span class="badge plain">{en.admin.administrator}</span>}
            </td>
            <td class="right">
              <div class="row nowrap">
                <button class="button small" disabled={user.disabled} onClick={() => makeLink(user).catch(complain)}>
                  <Icon name="key" /> {en.admin.signInLink}
                </button>
                <button class="button small" onClick={() => setChanging({ user, change: user.admin ? 'noAdministrator' : 'makeAdministrator' })}>
                  {user.admin ? en.admin.noAdministrator : en.admin.makeAdministrator}
                </button>
                {user.disabled ? (
                  <button class="button small" onClick={() => setChanging({ user, change: 'enable' })}>
                    {en.admin.enable}
                  </button>
                ) : (
                  <button class="button small danger" onClick={() => setChanging({ user, change: 'disable' })}>
                    {en.admin.disable}
                  </button>
                )}
              </div>
            </td>
          </tr>
        ))}
      />
      {making && <NewUser onClose={() => setMaking(false)} onDone={users.reload} />}
      {link && (
        <Dialog
          title={`${en.admin.signInLink}: ${link.user}`}
          onClose={() => setLink(undefined)}
          footer={
            <button class="button primary" onClick={() => setLink(undefined)}>
              {en.common.close}
            </button>
          }
        >
          <SecretOnce
            notice={en.admin.linkOnce(dateTime(link.expiresAt))}
            secret={link.url}
            command={curl('POST', LINKS, { user: link.user })}
          />
        </Dialog>
      )}
      {changing && (
        <Confirm
          title={`${en.admin[changing.change]}: ${changing.user.name}`}
          hint={en.admin.changes[changing.change]}
          action={en.admin[changing.change]}
          harmless={changing.change !== 'disable'}
          command={curl('PATCH', url(USER, { user: changing.user.name }), EDITS[changing.change])}
          onClose={() => setChanging(undefined)}
          onConfirm={() => edit(changing.user, EDITS[changing.change])}
        />
      )}
    </Page>
  );
}

function NewUser({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [name, setName] = useState('');
  const [displayName, setDisplayName] = useState('');
  const body = { name: name.trim(), admin: false, ...(displayName && { displayName }) };

  const { failure, error, submit } = useSubmit(async () => {
    await api.post(USERS, { body });
    onDone();
    onClose();
  });

  return (
    <FormDialog
      title={en.admin.newUser}
      action={en.common.create}
      failure={failure}
      command={curl('POST', USERS, body)}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={en.containers.name} hint={en.admin.newUserHint} error={error('/name')}>
        <input required autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Field label={en.admin.displayName} error={error('/displayName')}>
        <input maxLength={100} value={displayName} onInput={(event) => setDisplayName(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}
