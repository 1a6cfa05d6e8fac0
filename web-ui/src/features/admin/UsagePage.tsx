import { useLocation } from 'preact-iso';
import { api, url } from '../../api/client';
import { curl } from '../../app/curl';
import { saveAs } from '../../app/download';
import { bytes, cores, count } from '../../app/format';
import { useInterval, useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { complain } from '../../app/toasts';
import { Chart } from '../../components/Chart';
import { Curl } from '../../components/Curl';
import { Icon } from '../../components/Icon';
import { Page, Table } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { en } from '../../text/en';
import { quotaChanges } from '../containers/store';
import { averages, PERIODS, totals, type Metered, type Period } from './metered';
import { UsageBars } from './UsageBars';

const USAGE = '/api/v1/tenants/{tenant}/usage';
const BLUE = '#4cc2e8';
const GREEN = '#52d08a';

export function UsagePage() {
  const { query, path, route } = useLocation();
  const period = (query['period'] ?? 'day') in PERIODS ? ((query['period'] ?? 'day') as Period) : 'day';
  const { seconds, step } = PERIODS[period];
  const from = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - seconds * 1000).toISOString();
  const names = { tenant: tenant.value };
  const usage = useResource((signal) => api.get(USAGE, { path: names, query: { from, step }, signal }), [
    tenant.value,
    from,
    step,
    quotaChanges.value,
  ]);
  const each = useResource(
    (signal) => api.get(USAGE, { path: names, query: { from, step, groupBy: 'container' }, signal }),
    [tenant.value, from, step],
  );
  useInterval(usage.reload, 10_000);
  const exported = url(USAGE, names, { from, step, groupBy: 'container' });

  return (
    <Page
      title={en.admin.usage}
      failure={usage.failure}
      onRetry={usage.reload}
      actions={
        <>
          <select
            class="filter-state"
            aria-label={en.admin.period}
            value={period}
            onChange={(event) => route(`${path}?period=${event.currentTarget.value}`, true)}
          >
            {(Object.keys(PERIODS) as Period[]).map((name) => (
              <option key={name} value={name}>
                {en.admin.periods[name]}
              </option>
            ))}
          </select>
          <button class="button" onClick={() => saveAs(`usage-${tenant.value}.csv`, exported, 'text/csv').catch(complain)}>
            <Icon name="download" /> {en.admin.export}
          </button>
        </>
      }
    >
      {usage.data && (
        <>
          <UsageBars now={usage.data.now} />
          <Charts metered={usage.data.metered} />
        </>
      )}
      <h2>{en.admin.byContainer}</h2>
      <Table
        label={en.admin.byContainer}
        empty={en.admin.noUsage}
        head={[en.containers.name, en.admin.cpuTime, en.admin.memoryTime, en.admin.diskTime, en.containers.received, en.containers.sent]}
        rows={
          each.data &&
          totals(each.data.metered).map((total) => (
            <tr key={total.id}>
              <td title={total.id}>{total.name}</td>
              <td>{count(Math.round(total.cpuSeconds))} s</td>
              <td>{(total.memoryGiBSeconds / 3600).toFixed(2)} GiB h</td>
              <td>{(total.diskGiBSeconds / 3600).toFixed(2)} GiB h</td>
              <td>{bytes(total.networkReceivedBytes)}</td>
              <td>{bytes(total.networkSentBytes)}</td>
            </tr>
          ))
        }
      />
      <Curl command={curl('GET', exported)} />
    </Page>
  );
}

function Charts({ metered }: { metered: Metered }) {
  const points = averages(metered);
  const times = points.map((point) => point.at);
  const rate = (value: number) => `${bytes(value)}/s`;
  return (
    <div class="charts">
      <Panel title={en.admin.averageCpus}>
        <Chart label={en.admin.averageCpus} times={times} format={cores} least={0.01}
          series={[{ label: en.containers.cpu, colour: BLUE, values: points.map((point) => point.cpus) }]} />
      </Panel>
      <Panel title={en.admin.averageMemory}>
        <Chart label={en.admin.averageMemory} times={times} format={bytes} least={1024 ** 2} binary
          series={[{ label: en.containers.memory, colour: BLUE, values: points.map((point) => point.memory) }]} />
      </Panel>
      <Panel title={en.admin.averageDisk}>
        <Chart label={en.admin.averageDisk} times={times} format={bytes} least={1024 ** 2} binary
          series={[{ label: en.admin.resources.disk, colour: BLUE, values: points.map((point) => point.disk) }]} />
      </Panel>
      <Panel title={en.admin.averageNetwork}>
        <Chart label={en.admin.averageNetwork} times={times} format={rate} least={1024} binary
          series={[
            { label: en.containers.received, colour: BLUE, values: points.map((point) => point.received) },
            { label: en.containers.sent, colour: GREEN, values: points.map((point) => point.sent) },
          ]} />
      </Panel>
    </div>
  );
}
