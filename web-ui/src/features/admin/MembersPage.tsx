import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { useResource } from '../../app/resource';
import { isOwner, tenant } from '../../app/session';
import { useSubmit } from '../../app/submit';
import { Confirm } from '../../components/Confirm';
import { Field } from '../../components/Field';
import { FormDialog } from '../../components/FormDialog';
import { Icon } from '../../components/Icon';
import { Options } from '../../components/Options';
import { Page, Table } from '../../components/Page';
import { en } from '../../text/en';
import { ROLES, type Role } from './roles';

type Member = components['schemas']['Member'];

const MEMBERS = '/api/v1/tenants/{tenant}/members';
const MEMBER = `${MEMBERS}/{user}` as const;

function put(user: string, role: Role): Promise<unknown> {
  return api.put(MEMBER, { path: { tenant: tenant.value, user }, body: { role } });
}

export function MembersPage() {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const [changing, setChanging] = useState<{ member: Member; role: Role }>();
  const members = useResource(
    (signal) => api.get(MEMBERS, { path: { tenant: tenant.value }, query: { limit: 200 }, signal }),
    [tenant.value],
  );

  return (
    <Page
      title={en.admin.members}
      failure={members.failure}
      onRetry={members.reload}
      command={curl('GET', url(MEMBERS, { tenant: tenant.value }))}
      actions={
        isOwner.value && (
          <button class="button primary" onClick={() => setAdding(true)}>
            <Icon name="plus" /> {en.admin.addMember}
          </button>
        )
      }
    >
      <Table
        label={en.admin.members}
        empty={en.admin.noMembers}
        head={[en.admin.user, en.admin.role, en.admin.source, '']}
        rows={members.data?.items.map((member) => (
          <tr key={member.id}>
            <td>
              {member.displayName} <span class="muted">{member.name}</span>
            </td>
            <td>
              {isOwner.value ? (
                <select
                  aria-label={`${en.admin.role}: ${member.name}`}
                  class="filter-state"
                  value={member.role}
                  onChange={(event) => setChanging({ member, role: event.currentTarget.value as Role })}
                >
                  <Options of={ROLES} />
                </select>
              ) : (
                member.role
              )}
            </td>
            <td class="muted">{member.sources.map((each) => `${each.source}: ${each.role}`).join(', ')}</td>
            <td class="right">
              {isOwner.value && (
                <button class="button small danger" onClick={() => setRemoving(member)}>
                  {en.admin.remove}
                </button>
              )}
            </td>
          </tr>
        ))}
      />
      {adding && <AddMember onClose={() => setAdding(false)} onDone={members.reload} />}
      {changing && (
        <Confirm
          title={en.admin.newRole(changing.member.name, changing.role)}
          hint={en.admin.newRoleHint(en.admin.roles[changing.role])}
          action={en.admin.change}
          harmless
          command={curl('PUT', url(MEMBER, { tenant: tenant.value, user: changing.member.name }), { role: changing.role })}
          onClose={() => setChanging(undefined)}
          onConfirm={async () => {
            await put(changing.member.id, changing.role);
            members.reload();
          }}
        />
      )}
      {removing && (
        <Confirm
          title={`${en.admin.remove}: ${removing.name}`}
          hint={en.admin.removeHint}
          action={en.admin.remove}
          name={removing.name}
          command={curl('DELETE', url(MEMBER, { tenant: tenant.value, user: removing.name }))}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await api.delete(MEMBER, { path: { tenant: tenant.value, user: removing.id } });
            members.reload();
          }}
        />
      )}
    </Page>
  );
}

function AddMember({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [user, setUser] = useState('');
  const [role, setRole] = useState<Role>('member');

  const { failure, submit } = useSubmit(async () => {
    await put(user.trim(), role);
    onDone();
    onClose();
  });

  return (
    <FormDialog
      title={en.admin.addMember}
      action={en.admin.addMember}
      failure={failure}
      command={curl('PUT', url(MEMBER, { tenant: tenant.value, user: user.trim() }), { role })}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label={en.admin.user} hint={en.admin.userHint}>
        <input required autocomplete="off" value={user} onInput={(event) => setUser(event.currentTarget.value)} />
      </Field>
      <Field label={en.admin.role} hint={en.admin.roles[role]}>
        <select value={role} onChange={(event) => setRole(event.currentTarget.value as Role)}>
          <Options of={ROLES} />
        </select>
      </Field>
    </FormDialog>
  );
}
