import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { ago, dateTime, exactSpan, shellQuoted } from '../../app/format';
import { useInterval, useResource } from '../../app/resource';
import { Curl } from '../../components/Curl';
import { Facts, type Fact } from '../../components/Facts';
import { en } from '../../text/en';
import { actions, curlOf, isPossible, type Action } from './actions';
import { Charts } from './Charts';
import { Health } from './Health';
import type { Container } from './store';

const ONE = '/api/v1/tenants/{tenant}/containers/{container}';
const LIVE_MILLIS = 5_000;
const EXECS = '/api/v1/tenants/{tenant}/containers/{container}/execs';

export function Overview({ container: known }: { container: Container }) {
  const container = useLive(known);
  return (
    <>
      {container.state === 'running' || container.state === 'paused' ? (
        <Charts key={container.id} container={container} />
      ) : (
        <div class="card empty">{en.containers.notRunning}</div>
      )}
      <Health container={container} />
      <Known container={container} />
      <section class="card">
        <div class="body stack">
          <Curl command={curl('GET', url(ONE, { tenant: container.tenant, container: container.name }))} />
          {container.state === 'running' && (
            <div>
              <span class="small">{en.containers.exec}</span>
              <Curl command={curl('POST', url(EXECS, { tenant: container.tenant, container: container.name }), { command: ['ls', '/'], wait: true })} />
            </div>
          )}
          {(Object.keys(actions) as Action[])
            .filter((action) => isPossible(action, container))
            .map((action) => (
              <div key={action}>
                <span class="small">{actions[action].label}</span>
                <Curl command={curlOf(action, container)} />
              </div>
            ))}
        </div>
      </section>
    </>
  );
}

/** The container with what changes without an event: what came of its last health check, and since when nobody uses it. */
function useLive(container: Container): Container {
  const changes = container.health !== undefined || container.idleTimeout !== undefined;
  const fresh = useResource(
    async (signal) =>
      changes ? await api.get(ONE, { path: { tenant: container.tenant, container: container.id }, signal }) : undefined,
    [container],
  );
  useInterval(fresh.reload, LIVE_MILLIS);
  return fresh.data && fresh.data.id === container.id && fresh.data.state === container.state ? fresh.data : container;
}

function idleTimeout(container: Container): string {
  if (container.idleTimeout === undefined) return '–';
  const now = container.idleSince ? en.containers.idleSince(ago(container.idleSince)) : en.containers.inUse;
  return exactSpan(Number(container.idleTimeout)) + (container.state === 'running' ? ` (${now})` : '');
}

function Known({ container }: { container: Container }) {
  const facts: Fact[] = [
    ['ID', <code>{container.id}</code>],
    [en.containers.image, container.image],
    [en.containers.digest, <code>{container.imageDigest}</code>],
    [en.containers.command, <code>{shellQuoted([...(container.command ?? []), ...(container.args ?? [])]) || '–'}</code>],
    [en.containers.address, <code>{container.ipAddress ?? '–'}</code>],
    [en.containers.created, dateTime(container.createdAt)],
    [en.containers.started, dateTime(container.startedAt)],
    [en.containers.finished, dateTime(container.finishedAt)],
    [en.containers.expires, dateTime(container.expiresAt)],
    [en.containers.idleTimeout, idleTimeout(container)],
    [en.containers.restartPolicy, `${container.restartPolicy.name ?? 'no'} (${en.containers.restarts}: ${container.restartCount})`],
    [en.containers.environment, <Pairs of={container.env} />],
    [en.containers.labels, <Pairs of={container.labels} />],
    [
      en.containers.timings,
      Object.entries(container.timings)
        .map(([phase, milliseconds]) => `${phase} ${milliseconds.toFixed(1)} ms`)
        .join(', ') || '–',
    ],
  ];
  return (
    <section class="card">
      <div class="body">
        {container.failure && <p class="notice bad">{container.failure}</p>}
        <Facts of={facts} />
      </div>
    </section>
  );
}

function Pairs({ of }: { of: Record<string, string> }) {
  const entries = Object.entries(of);
  if (entries.length === 0) return <>–</>;
  return (
    <>
      {entries.map(([name, value]) => (
        <div key={name} class="mono">
          {name}={value}
        </div>
      ))}
    </>
  );
}
