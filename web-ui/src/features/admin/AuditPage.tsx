import { useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { dateTime } from '../../app/format';
import { useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { complain } from '../../app/toasts';
import { en } from '../../text/en';
import { Page, Table } from '../../components/Page';

type Entry = components['schemas']['AuditEntry'];

const OUTCOMES = ['success', 'refused', 'failed', 'unknown'] as const;
const TONES: Record<Entry['outcome'], string> = { success: 'good', refused: 'warn', failed: 'bad', unknown: 'plain' };

interface Filters {
  actor: string;
  action: string;
  object: string;
  outcome: '' | (typeof OUTCOMES)[number];
}

export function AuditPage() {
  const [filters, setFilters] = useState<Filters>({ actor: '', action: '', object: '', outcome: '' });
  const [older, setOlder] = useState<{ items: Entry[]; next: string | undefined }>();
  const query = Object.fromEntries(Object.entries(filters).filter(([, value]) => value)) as Partial<Omit<Filters, 'outcome'>>;
  const path = '/api/v1/tenants/{tenant}/audit';
  const first = useResource(
    (signal) => {
      setOlder(undefined);
      return api.get(path, { path: { tenant: tenant.value }, query: { ...query, limit: 100 }, signal });
    },
    [tenant.value, JSON.stringify(query)],
  );
  const items = first.data && [...first.data.items, ...(older?.items ?? [])];
  const next = older ? older.next : first.data?.next;

  async function more() {
    if (!next) return;
    try {
      const page = await api.get(path, { path: { tenant: tenant.value }, query: { ...query, limit: 100, cursor: next } });
      setOlder({ items: [...(older?.items ?? []), ...page.items], next: page.next });
    } catch (failure) {
      complain(failure);
    }
  }

  const text = (name: 'actor' | 'action' | 'object', label: string) => (
    <input
      class="filter"
      type="search"
      aria-label={label}
      placeholder={label}
      value={filters[name]}
      onChange={(event) => setFilters({ ...filters, [name]: event.currentTarget.value.trim() })}
    />
  );

  return (
    <Page title={en.admin.audit} failure={first.failure} onRetry={first.reload}>
      <div class="filters">
        {text('actor', en.admin.who)}
        {text('action', en.admin.what)}
        {text('object', en.admin.object)}
        <select
          class="filter-state"
          aria-label={en.admin.outcome}
          value={filters.outcome}
          onChange={(event) => setFilters({ ...filters, outcome: event.currentTarget.value as Filters['outcome'] })}
        >
          <option value="">{en.admin.outcome}</option>
          {OUTCOMES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </div>
      <Table
        label={en.admin.audit}
        empty={en.admin.noAudit}
        head={[en.admin.when, en.admin.who, en.admin.what, en.admin.object, en.admin.outcome, en.admin.from]}
        rows={items?.map((entry) => (
          <tr key={entry.seq}>
            <td class="muted" title={entry.id}>
              {dateTime(entry.at)}
            </td>
            <td title={entry.subject?.id}>{entry.subject?.name ?? '–'}</td>
            <td class="mono">{entry.action}</td>
            <td title={entry.object?.id}>{entry.object?.name ?? entry.object?.id ?? '–'}</td>
            <td>
              <span class={`badge ${TONES[entry.outcome]}`} title={entry.requestId}>
                {entry.code ?? entry.outcome}
              </span>
            </td>
            <td class="muted mono">{entry.source ?? '–'}</td>
          </tr>
        ))}
      />
      <div class="row">
        {next && (
          <button class="button" onClick={() => void more()}>
            {en.common.more}
          </button>
        )}
        <a class="button" href={url(path, { tenant: tenant.value }, query)} type="application/x-ndjson" {...{ native: true }}>
          JSON
        </a>
      </div>
    </Page>
  );
}
