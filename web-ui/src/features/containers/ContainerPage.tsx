import { lazy, useLocation, useRoute } from 'preact-iso';
import { Suspense } from 'preact/compat';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../../api/client';
import { mayWrite, tenant } from '../../app/session';
import { complain, tell } from '../../app/toasts';
import { Confirm } from '../../components/Confirm';
import { Failure } from '../../components/Failure';
import { Icon } from '../../components/Icon';
import { en } from '../../text/en';
import { EventList } from '../events/EventList';
import { act, actions, curlOf, isPossible, type Action } from './actions';
import { Changes } from './Changes';
import { Logs } from './Logs';
import { Overview } from './Overview';
import { Processes } from './Processes';
import { StateBadge } from './StateBadge';
import { byName, loaded, put } from './store';

const TerminalTabs = lazy(() => import('../terminal/TerminalTabs').then((module) => module.TerminalTabs));
const FilesTab = lazy(() => import('../files/FilesTab').then((module) => module.FilesTab));

const TABS = {
  overview: en.containers.overview,
  terminal: en.containers.terminal,
  logs: en.containers.logs,
  files: en.containers.files,
  processes: en.containers.processes,
  changes: en.containers.changes,
  events: en.containers.events,
} as const;

export function ContainerPage() {
  const { params } = useRoute();
  const { route } = useLocation();
  const [failure, setFailure] = useState<unknown>();
  const [deleting, setDeleting] = useState(false);
  const name = params['name'] ?? '';
  const tab = (params['tab'] || 'overview') as keyof typeof TABS;
  const container = byName(name);

  // a deep link must not wait for the whole list; one that was deleted meanwhile is told of
  useEffect(() => {
    setFailure(undefined);
    if (container) return;
    api
      .get('/api/v1/tenants/{tenant}/containers/{container}', { path: { tenant: tenant.value, container: name } })
      .then(put)
      .catch(setFailure);
  }, [name, tenant.value, loaded.value, container === undefined]);

  if (!container) {
    return <div class="page">{failure === undefined ? <div class="empty">{en.common.loading}</div> : <Failure failure={failure} />}</div>;
  }

  function run(action: Action) {
    if (action === 'delete') setDeleting(true);
    else act(action, container!).catch(complain);
  }

  return (
    <div class={`page ${tab === 'terminal' ? 'full' : ''}`}>
      <div class="title">
        <a href="/containers" class="muted crumb">
          {en.containers.title} <Icon name="chevron" />
        </a>
        <h1>{container.name}</h1>
        <StateBadge container={container} />
        {mayWrite.value && (
          <div class="row">
            {(Object.keys(actions) as Action[])
              .filter((action) => isPossible(action, container))
              .map((action) => (
                <button
                  key={action}
                  class={`button small ${action === 'delete' ? 'danger' : ''}`}
                  onClick={() => run(action)}
                >
                  <Icon name={actions[action].icon} /> {actions[action].label}
                </button>
              ))}
          </div>
        )}
      </div>
      <nav class="tabs" aria-label={container.name}>
        {(Object.keys(TABS) as (keyof typeof TABS)[])
          .filter((each) => each !== 'terminal' || mayWrite.value)
          .map((each) => (
            <a
              key={each}
              href={`/containers/${name}${each === 'overview' ? '' : `/${each}`}`}
              aria-current={each === tab ? 'page' : undefined}
            >
              {TABS[each]}
            </a>
          ))}
      </nav>
      {tab === 'overview' && <Overview container={container} />}
      {tab === 'terminal' && (
        <Suspense fallback={<div class="terminals" />}>
          <TerminalTabs key={container.id} container={container} />
        </Suspense>
      )}
      {tab === 'logs' && <Logs key={container.id} container={container} />}
      {tab === 'files' && (
        <Suspense fallback={<div class="empty">{en.common.loading}</div>}>
          <FilesTab key={container.id} container={container} />
        </Suspense>
      )}
      {tab === 'processes' && <Processes container={container} />}
      {tab === 'changes' && <Changes container={container} />}
      {tab === 'events' && <EventList tenant={container.tenant} object={container.id} />}
      {deleting && (
        <Confirm
          title={en.containers.deleteTitle(1)}
          hint={en.containers.deleteHint}
          action={en.common.delete}
          name={container.name}
          command={curlOf('delete', container)}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await act('delete', container);
            tell(en.containers.deleted(container.name));
            route('/containers');
          }}
        />
      )}
    </div>
  );
}
