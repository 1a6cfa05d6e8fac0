import { api } from '../../api/client';
import type { components } from '../../api/schema';
import { bytes, count } from '../../app/format';
import { useInterval, useResource } from '../../app/resource';
import { Facts } from '../../components/Facts';
import { Failure } from '../../components/Failure';
import { Meter } from '../../components/Meter';
import { Page, Table } from '../../components/Page';
import { Panel } from '../../components/Panel';
import { en } from '../../text/en';
import { amount, resourceLabel } from './quota';

type Share = components['schemas']['Host']['resources'][string];
type Finding = components['schemas']['Finding'];

const TONES: Record<Finding['level'], string> = { ok: 'good', warn: 'warn', unsafe: 'bad', missing: 'bad' };
const ORDER: readonly Finding['level'][] = ['missing', 'unsafe', 'warn', 'ok'];

/** What the server runs on: what it has, what of it is promised and used, and what is wrong with it. */
export function HostPage() {
  const info = useResource((signal) => api.get('/api/v1/system/info', { signal }), []);
  const host = useResource((signal) => api.get('/api/v1/system/host', { signal }), []);
  const found = useResource((signal) => api.get('/api/v1/system/host/findings', { signal }), []);
  useInterval(host.reload, 10_000);
  const engine = info.data?.engine;
  const findings = found.data && [...found.data.findings].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
  return (
    <Page title={en.admin.host} failure={info.failure} onRetry={info.reload}>
      {engine && info.data && (
        <Section
          title={en.admin.capacity}
          facts={{
            [en.form.cpus]: count(engine.cpus),
            [en.form.memory]: bytes(engine.memoryBytes),
            [en.admin.tenants]: count(host.data?.tenants ?? 0),
          }}
        />
      )}
      {host.failure !== undefined && <Failure failure={host.failure} onRetry={host.reload} />}
      <Table
        label={en.admin.promised}
        empty={en.common.none}
        head={[en.admin.resource, en.admin.capacity, en.admin.promised, en.admin.reserved, en.admin.used, en.admin.share]}
        rows={host.data && Object.entries(host.data.resources).map(([resource, share]) => <Row key={resource} resource={resource} share={share} />)}
      />
      <div class="title row">
        <h2 class="grow">{en.admin.doctor}</h2>
        <button class="button small" disabled={found.loading} onClick={found.reload}>
          {found.loading ? en.admin.examining : en.admin.examine}
        </button>
      </div>
      {found.failure !== undefined && <Failure failure={found.failure} onRetry={found.reload} />}
      <Table
        label={en.admin.doctor}
        empty={en.common.none}
        head={[en.admin.level, en.admin.what, en.admin.details]}
        rows={findings?.map((finding) => (
          <tr key={`${finding.what} ${finding.detail}`}>
            <td>
              <span class={`badge ${TONES[finding.level]}`}>{finding.level}</span>
            </td>
            <td>{finding.what}</td>
            <td>
              {finding.detail}
              {finding.remedy && <div class="small muted">{en.admin.remedy(finding.remedy)}</div>}
            </td>
          </tr>
        ))}
      />
      {engine && info.data && (
        <>
          <Section title={en.admin.versions} facts={{ berth: info.data.version, ...engine.versions }} />
          <Section title={en.admin.features} facts={engine.features} />
        </>
      )}
    </Page>
  );
}

function Row({ resource, share }: { resource: string; share: Share }) {
  const label = resourceLabel(resource);
  return (
    <tr>
      <td>{label}</td>
      <td>{amount(share.capacity, share.unit)}</td>
      <td>
        {amount(share.promised, share.unit)}
        {share.unlimited > 0 && <div class="small muted">{en.admin.unlimitedTenants(share.unlimited)}</div>}
      </td>
      <td>{amount(share.reserved, share.unit)}</td>
      <td>{amount(share.used, share.unit)}</td>
      <td>{share.capacity !== undefined && <Meter used={share.used} limit={share.capacity} label={label} />}</td>
    </tr>
  );
}

function Section({ title, facts }: { title: string; facts: Record<string, string> }) {
  return (
    <Panel title={title}>
      <Facts of={Object.entries(facts)} />
    </Panel>
  );
}
