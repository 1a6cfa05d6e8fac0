import { useLocation } from 'preact-iso';
import { useMemo, useState } from 'preact/hooks';
import { ago, bytes, cores } from '../../app/format';
import { useInterval } from '../../app/resource';
import { mayWrite, tenant } from '../../app/session';
import { complain } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Failure } from '../../components/Failure';
import { Filter } from '../../components/Filter';
import { Icon } from '../../components/Icon';
import { Options } from '../../components/Options';
import { VirtualTable } from '../../components/VirtualTable';
import { en } from '../../text/en';
import { act, actions, curlOf, isPossible, type Action } from './actions';
import { CreateContainer } from './CreateContainer';
import { StateBadge } from './StateBadge';
import { connection, failure, listed, loaded, type Container } from './store';

const BULK: readonly Action[] = ['start', 'stop', 'restart', 'delete'];

export function ContainersPage() {
  const { query, route } = useLocation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState<readonly Container[]>([]);
  const [, tick] = useState(0);
  useInterval(() => tick((before) => before + 1), 10_000);

  const text = (query['q'] ?? '').toLowerCase();
  const state = query['state'] ?? '';
  const creating = 'new' in query;
  const all = listed.value;
  const shown = useMemo(
    () =>
      all.filter(
        (each) =>
          (!state || each.state === state || each.health?.status === state) &&
          (!text || each.name.includes(text) || each.image.toLowerCase().includes(text) || each.id === text),
      ),
    [all, text, state],
  );
  const selected = shown.filter((each) => chosen.has(each.id));

  function search(change: Record<string, string>) {
    const next = new URLSearchParams({ ...query, ...change });
    for (const [name, value] of [...next]) if (!value) next.delete(name);
    route(`/containers${next.size > 0 ? `?${next}` : ''}`, true);
  }

  function run(action: Action, on: readonly Container[]) {
    if (action === 'delete') {
      setDeleting(on);
      return;
    }
    for (const each of on) if (isPossible(action, each)) act(action, each).catch(complain);
  }

  const head = (
    <tr>
      <th class="right">
        <input
          type="checkbox"
          aria-label={`${en.common.select} ${en.common.all}`}
          checked={shown.length > 0 && selected.length === shown.length}
          onChange={(event) => setChosen(new Set(event.currentTarget.checked ? shown.map((each) => each.id) : []))}
        />
      </th>
      <th>{en.containers.name}</th>
      <th>{en.containers.state}</th>
      <th class="wide-only">{en.containers.image}</th>
      <th class="wide-only">{en.containers.address}</th>
      <th class="wide-only">{en.containers.limits}</th>
      <th class="wide-only">{en.containers.age}</th>
      <th>
        <span class="visually-hidden">{en.common.actions}</span>
      </th>
    </tr>
  );

  const writable = mayWrite.value;
  const row = (container: Container) => (
    <tr key={container.id}>
      <td class="right">
        <input
          type="checkbox"
          aria-label={`${en.common.select} ${container.name}`}
          checked={chosen.has(container.id)}
          onChange={(event) => {
            const next = new Set(chosen);
            if (event.currentTarget.checked) next.add(container.id);
            else next.delete(container.id);
            setChosen(next);
          }}
        />
      </td>
      <td class="ellipsis">
        <a href={`/containers/${container.name}`}>{container.name}</a>
      </td>
      <td>
        <StateBadge container={container} />
      </td>
      <td class="wide-only ellipsis">{container.image}</td>
      <td class="wide-only mono">{container.ipAddress ?? '–'}</td>
      <td class="wide-only muted">{limits(container)}</td>
      <td class="wide-only muted" title={container.createdAt}>
        {ago(container.createdAt)}
      </td>
      <td class="right">
        {writable && (
          <div class="row nowrap">
            {(['start', 'resume', 'stop'] as const)
              .filter((action) => isPossible(action, container))
              .map((action) => (
                <button
                  key={action}
                  class="button quiet icon small"
                  title={actions[action].label}
                  aria-label={`${actions[action].label} ${container.name}`}
                  onClick={() => run(action, [container])}
                >
                  <Icon name={actions[action].icon} />
                </button>
              ))}
            {container.state === 'running' && (
              <a
                class="button quiet icon small"
                title={en.containers.shell}
                aria-label={`${en.containers.shell}: ${container.name}`}
                href={`/containers/${container.name}/terminal`}
              >
                <Icon name="terminal" />
              </a>
            )}
          </div>
        )}
      </td>
    </tr>
  );

  return (
    <div class="page">
      <div class="title">
        <h1>{en.containers.title}</h1>
        <span class={`badge ${connection.value === 'live' ? 'good' : 'warn'}`}>
          {connection.value === 'live' ? en.containers.live : en.containers.reconnecting}
        </span>
        {mayWrite.value && (
          <button class="button primary" onClick={() => search({ new: '1' })}>
            <Icon name="plus" /> {en.containers.create}
          </button>
        )}
      </div>
      {failure.value !== undefined && <Failure failure={failure.value} />}
      {all.length > 0 && (
        <div class="row">
          <Filter grow label={en.containers.filter} value={query['q'] ?? ''} onInput={(q) => search({ q })} />
          <select
            class="filter-state"
            aria-label={en.containers.state}
            value={state}
            onChange={(event) => search({ state: event.currentTarget.value })}
          >
            <option value="">{en.common.all}</option>
            <Options of={['running', 'paused', 'stopped', 'created', 'failed', 'healthy', 'unhealthy']} />
          </select>
          {selected.length > 0 && mayWrite.value && (
            <>
              <span class="muted">{en.containers.selected(selected.length)}</span>
              {BULK.map((action) => (
                <button
                  key={action}
                  class={`button small ${action === 'delete' ? 'danger' : ''}`}
                  disabled={!selected.some((each) => isPossible(action, each))}
                  onClick={() => run(action, selected)}
                >
                  <Icon name={actions[action].icon} /> {actions[action].label}
                </button>
              ))}
            </>
          )}
        </div>
      )}
      {!loaded.value ? (
        <div class="empty">{en.common.loading}</div>
      ) : all.length === 0 ? (
        <div class="card empty">
          <h2>{en.containers.empty}</h2>
          <p>{en.containers.emptyHint}</p>
          {mayWrite.value && (
            <div class="row">
              <button class="button primary" onClick={() => search({ new: '1' })}>
                <Icon name="plus" /> {en.containers.first}
              </button>
            </div>
          )}
        </div>
      ) : shown.length === 0 ? (
        <div class="card empty">{en.containers.none}</div>
      ) : (
        <VirtualTable items={shown} rowHeight={46} head={head} row={row} label={en.containers.title} columns={8} />
      )}
      {creating && <CreateContainer key={tenant.value} image={query['image']} onClose={() => search({ new: '', image: '' })} />}
      {deleting.length > 0 && (
        <Confirm
          title={en.containers.deleteTitle(deleting.length)}
          hint={en.containers.deleteHint}
          action={en.common.delete}
          name={deleting.length === 1 ? deleting[0]!.name : String(deleting.length)}
          command={deleting.map((each) => curlOf('delete', each)).join('\n')}
          onClose={() => setDeleting([])}
          onConfirm={async () => {
            await Promise.all(deleting.map((each) => act('delete', each)));
            setChosen(new Set());
          }}
        />
      )}
    </div>
  );
}

function limits(container: Container): string {
  const { cpus, memory } = container.resources;
  const parts = [
    cpus !== undefined && `${cores(cpus)} CPU`,
    memory !== undefined && (typeof memory === 'number' ? bytes(memory) : String(memory)),
  ].filter(Boolean);
  return parts.join(', ') || '–';
}
