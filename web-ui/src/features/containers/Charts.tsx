import { useEffect, useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import { followStream } from '../../api/stream';
import { bytes, cores, count } from '../../app/format';
import { Chart } from '../../components/Chart';
import { Meter } from '../../components/Meter';
import { Panel } from '../../components/Panel';
import { en } from '../../text/en';
import { appended, rates, type Point, type Stats } from './rates';
import type { Container } from './store';

const BLUE = '#4cc2e8';
const GREEN = '#52d08a';
const STATS = '/api/v1/tenants/{tenant}/containers/{container}/stats';

/** What the container uses, second by second, against its limits. */
export function Charts({ container }: { container: Container }) {
  const [points, setPoints] = useState<Point[]>([]);
  const [stats, setStats] = useState<Stats>();

  useEffect(() => {
    const abort = new AbortController();
    const path = { tenant: container.tenant, container: container.id };
    let before: Stats | undefined;
    const take = (now: Stats) => {
      const point = before && rates(before, now);
      // one that follows too closely waits for the next
      if (!before || point || now.cpuNanos < before.cpuNanos) before = now;
      setStats(now);
      if (point) setPoints((known) => appended(known, point));
    };
    // two readings make a rate: one at once, the next from the stream
    api.get(STATS, { path, signal: abort.signal }).then(take, () => {});
    const stop = followStream(() => url(STATS, path), { event: 'stats', message: (data) => take(JSON.parse(data) as Stats) });
    return () => {
      abort.abort();
      stop();
    };
  }, [container.id]);

  const last = points[points.length - 1];
  const times = points.map((each) => each.at);
  const { cpus } = container.resources;
  return (
    <div class="charts">
      <Measured title={en.containers.cpu} now={last && cores(last.cpu)} used={last?.cpu} limit={cpus} format={cores}>
        <Chart label={en.containers.cpu} times={times} limit={cpus} format={cores}
          series={[{ label: en.containers.cpu, colour: BLUE, values: points.map((each) => each.cpu) }]} />
      </Measured>
      <Measured title={en.containers.memory} now={stats && bytes(stats.memoryBytes)} used={stats?.memoryBytes} limit={stats?.memoryLimitBytes} format={bytes}>
        <Chart label={en.containers.memory} times={times} limit={stats?.memoryLimitBytes} format={bytes} binary
          series={[{ label: en.containers.memory, colour: BLUE, values: points.map((each) => each.memory) }]} />
      </Measured>
      <Measured title={en.containers.pids} now={stats && count(stats.pids)} used={stats?.pids} limit={stats?.pidsLimit} format={count}>
        <Chart label={en.containers.pids} times={times} limit={stats?.pidsLimit} format={(value) => String(Math.round(value))}
          series={[{ label: en.containers.pids, colour: BLUE, values: points.map((each) => each.pids) }]} />
      </Measured>
      <Measured title={en.containers.io} now={last && `${en.containers.read} ${perSecond(last.read)}, ${en.containers.written} ${perSecond(last.written)}`}>
        <Chart label={en.containers.io} times={times} format={perSecond} least={1024} binary
          series={[
            { label: en.containers.read, colour: BLUE, values: points.map((each) => each.read) },
            { label: en.containers.written, colour: GREEN, values: points.map((each) => each.written) },
          ]} />
      </Measured>
      <Measured title={en.containers.network} now={last && `${en.containers.received} ${perSecond(last.received)}, ${en.containers.sent} ${perSecond(last.sent)}`}>
        <Chart label={en.containers.network} times={times} format={perSecond} least={1024} binary
          series={[
            { label: en.containers.received, colour: BLUE, values: points.map((each) => each.received) },
            { label: en.containers.sent, colour: GREEN, values: points.map((each) => each.sent) },
          ]} />
      </Measured>
    </div>
  );
}

function perSecond(value: number): string {
  return `${bytes(value)}/s`;
}

interface MeasuredProps {
  title: string;
  now: string | undefined;
  used?: number | undefined;
  limit?: number | undefined;
  format?: (value: number) => string;
  children: preact.ComponentChildren;
}

function Measured({ title, now, used, limit, format = String, children }: MeasuredProps) {
  return (
    <Panel
      title={title}
      aside={
        <span>
          {now ?? en.containers.measuring} {limit !== undefined && <span class="muted">{en.containers.of(format(limit))}</span>}
        </span>
      }
    >
      {limit !== undefined && used !== undefined && <Meter used={used} limit={limit} label={title} />}
      {children}
    </Panel>
  );
}
