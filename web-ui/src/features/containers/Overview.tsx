import { useEffect, useRef, useState } from 'preact/hooks';
import { url } from '../../api/client';
import { bytes, cores, dateTime, shellQuoted } from '../../app/format';
import { Chart } from '../../components/Chart';
import { Curl } from '../../components/Curl';
import { en } from '../../text/en';
import { actions, curl, curlOf, isPossible, type Action } from './actions';
import { appended, rates, type Point, type Stats } from './rates';
import type { Container } from './store';

const BLUE = '#4cc2e8';
const GREEN = '#52d08a';

export function Overview({ container }: { container: Container }) {
  return (
    <>
      {container.state === 'running' || container.state === 'paused' ? (
        <Charts key={container.id} container={container} />
      ) : (
        <div class="card empty">{en.containers.notRunning}</div>
      )}
      <Facts container={container} />
      <section class="card">
        <div class="body stack">
          <Curl command={curl('GET', url('/api/v1/tenants/{tenant}/containers/{container}', { tenant: container.tenant, container: container.name }))} />
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

function Charts({ container }: { container: Container }) {
  const [points, setPoints] = useState<Point[]>([]);
  const [stats, setStats] = useState<Stats>();
  const before = useRef<Stats>();

  useEffect(() => {
    const path = url('/api/v1/tenants/{tenant}/containers/{container}/stats', { tenant: container.tenant, container: container.id });
    const source = new EventSource(path);
    source.addEventListener('stats', (message: MessageEvent<string>) => {
      const now = JSON.parse(message.data) as Stats;
      const point = before.current && rates(before.current, now);
      before.current = now;
      setStats(now);
      if (point) setPoints((known) => appended(known, point));
    });
    return () => source.close();
  }, [container.id]);

  const last = points[points.length - 1];
  const times = points.map((each) => each.at);
  const cpuLimit = container.resources.cpus;
  const perSecond = (value: number) => `${bytes(value)}/s`;
  return (
    <div class="charts">
      <Panel title={en.containers.cpu} now={last ? cores(last.cpu) : '–'} limit={cpuLimit === undefined ? undefined : cores(cpuLimit)}>
        <Chart label={en.containers.cpu} times={times} limit={cpuLimit} format={cores}
          series={[{ label: en.containers.cpu, colour: BLUE, values: points.map((each) => each.cpu) }]} />
      </Panel>
      <Panel title={en.containers.memory} now={bytes(stats?.memoryBytes)} limit={stats?.memoryLimitBytes === undefined ? undefined : bytes(stats.memoryLimitBytes)}>
        <Chart label={en.containers.memory} times={times} limit={stats?.memoryLimitBytes} format={bytes} binary
          series={[{ label: en.containers.memory, colour: BLUE, values: points.map((each) => each.memory) }]} />
      </Panel>
      <Panel title={en.containers.pids} now={String(stats?.pids ?? '–')} limit={stats?.pidsLimit === undefined ? undefined : String(stats.pidsLimit)}>
        <Chart label={en.containers.pids} times={times} format={(value) => String(Math.round(value))}
          series={[{ label: en.containers.pids, colour: BLUE, values: points.map((each) => each.pids) }]} />
      </Panel>
      <Panel title={en.containers.io} now={last ? `${en.containers.read} ${perSecond(last.read)}, ${en.containers.written} ${perSecond(last.written)}` : '–'}>
        <Chart label={en.containers.io} times={times} format={perSecond} least={1024} binary
          series={[
            { label: en.containers.read, colour: BLUE, values: points.map((each) => each.read) },
            { label: en.containers.written, colour: GREEN, values: points.map((each) => each.written) },
          ]} />
      </Panel>
      <Panel title={en.containers.network} now={last ? `${en.containers.received} ${perSecond(last.received)}, ${en.containers.sent} ${perSecond(last.sent)}` : '–'}>
        <Chart label={en.containers.network} times={times} format={perSecond} least={1024} binary
          series={[
            { label: en.containers.received, colour: BLUE, values: points.map((each) => each.received) },
            { label: en.containers.sent, colour: GREEN, values: points.map((each) => each.sent) },
          ]} />
      </Panel>
    </div>
  );
}

interface PanelProps {
  title: string;
  now: string;
  limit?: string | undefined;
  children: preact.ComponentChildren;
}

function Panel({ title, now, limit, children }: PanelProps) {
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
        <span>
          {now} {limit !== undefined && <span class="muted">{en.containers.of(limit)}</span>}
        </span>
      </header>
      <div class="body">{children}</div>
    </section>
  );
}

function Facts({ container }: { container: Container }) {
  const facts: [string, preact.ComponentChildren][] = [
    ['ID', <code>{container.id}</code>],
    [en.containers.image, container.image],
    [en.containers.digest, <code>{container.imageDigest}</code>],
    [en.containers.command, <code>{shellQuoted([...(container.command ?? []), ...(container.args ?? [])]) || '–'}</code>],
    [en.containers.address, <code>{container.ipAddress ?? '–'}</code>],
    [en.containers.created, dateTime(container.createdAt)],
    [en.containers.started, dateTime(container.startedAt)],
    [en.containers.finished, dateTime(container.finishedAt)],
    [en.containers.expires, dateTime(container.expiresAt)],
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
        <dl class="facts">
          {facts.map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </>
          ))}
        </dl>
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
