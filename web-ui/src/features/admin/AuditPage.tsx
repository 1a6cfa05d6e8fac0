import { useLocation } from 'preact-iso';
import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, url } from '../../api/client';
import type { components } from '../../api/schema';
import { curl } from '../../app/curl';
import { saveAs } from '../../app/download';
import { dateTime } from '../../app/format';
import { usePages } from '../../app/pages';
import { useResource } from '../../app/resource';
import { tenant } from '../../app/session';
import { complain } from '../../app/toasts';
import { Curl } from '../../components/Curl';
import { Icon } from '../../components/Icon';
import { Options } from '../../components/Options';
import { Page, Table } from '../../components/Page';
import { en } from '../../text/en';

type Entry = components['schemas']['AuditEntry'];

const OUTCOMES = ['success', 'refused', 'failed', 'unknown'] as const;
const TONES: Record<Entry['outcome'], string> = { success: 'good', refused: 'warn', failed: 'bad', unknown: 'plain' };
const FILTERS = ['actor', 'action', 'object', 'outcome', 'from', 'to'] as const;

type Filter = (typeof FILTERS)[number];
type Query = Partial<Record<Exclude<Filter, 'outcome'>, string>> & { outcome?: (typeof OUTCOMES)[number] };

export function AuditPage() {
  const names = { tenant: tenant.value };
  return (
    <Audit
      title={en.admin.audit}
      address={(query) => url('/api/v1/tenants/{tenant}/audit', names, query)}
      load={(query, cursor, signal) =>
        api.get('/api/v1/tenants/{tenant}/audit', { path: names, query: { ...query, ...cursor, limit: 100 }, ...(signal && { signal }) })
      }
    />
  );
}

/** Of all tenants, and of what belongs to none. */
export function PlatformAuditPage() {
  return (
    <Audit
      title={en.nav.platformAudit}
      address={(query) => url('/api/v1/audit', {}, query)}
      load={(query, cursor, signal) => api.get('/api/v1/audit', { query: { ...query, ...cursor, limit: 100 }, ...(signal && { signal }) })}
    />
  );
}

interface Props {
  title: string;
  address: (query: Query) => string;
  load: (query: Query, cursor: { cursor?: string }, signal?: AbortSignal) => Promise<{ items: Entry[]; next?: string }>;
}

/** The search is in the page's address, so that it can be sent to somebody. */
function Audit({ title, address, load }: Props) {
  const { query: search, path, route } = useLocation();
  const [open, setOpen] = useState<number>();
  const query: Query = Object.fromEntries(FILTERS.filter((name) => search[name]).map((name) => [name, instant(name, search[name]!)]));
  const first = useResource(
    (signal) => {
      pages.reset();
      return load(query, {}, signal);
    },
    [address({}), JSON.stringify(query)],
  );
  const pages = usePages(
    first.data,
    (cursor) => load(query, { cursor }),
    (entry) => entry.seq,
  );

  function filter(name: Filter, value: string) {
    const changed = new URLSearchParams({ ...search, [name]: value });
    if (!value) changed.delete(name);
    route(changed.size > 0 ? `${path}?${changed}` : path, true);
  }

  const input = (name: Filter, label: string, type = 'search') => (
    <Sought label={label} type={type} value={search[name] ?? ''} onChange={(value) => filter(name, value)} />
  );

  return (
    <Page title={title} failure={first.failure} onRetry={first.reload}>
      <div class="filters">
        {input('actor', en.admin.who)}
        {input('action', en.admin.what)}
        {input('object', en.admin.object)}
        {input('from', en.admin.since, 'datetime-local')}
        {input('to', en.admin.until, 'datetime-local')}
        <select
          class="filter-state"
          aria-label={en.admin.outcome}
          value={search['outcome'] ?? ''}
          onChange={(event) => filter('outcome', event.currentTarget.value)}
        >
          <option value="">{en.admin.outcome}</option>
          <Options of={OUTCOMES} />
        </select>
      </div>
      <Table
        label={title}
        empty={en.admin.noAudit}
        head={[en.admin.when, en.admin.who, en.admin.what, en.admin.object, en.admin.outcome, en.admin.from]}
        rows={pages.items?.map((entry) => (
          <Fragment key={entry.seq}>
            <tr>
              <td>
                <button class="link" aria-expanded={open === entry.seq} onClick={() => setOpen(open === entry.seq ? undefined : entry.seq)}>
                  {dateTime(entry.at)}
                </button>
              </td>
              <td title={entry.subject?.id}>{entry.subject?.name ?? '–'}</td>
              <td class="mono">{entry.action}</td>
              <td title={entry.object?.id}>{entry.object?.name ?? entry.object?.id ?? '–'}</td>
              <td>
                <span class={`badge ${TONES[entry.outcome]}`}>{entry.code ?? entry.outcome}</span>
              </td>
              <td class="muted mono">{entry.source ?? '–'}</td>
            </tr>
            {open === entry.seq && (
              <tr>
                <td colSpan={6}>
                  <pre class="code">{JSON.stringify(entry, null, 2)}</pre>
                </td>
              </tr>
            )}
          </Fragment>
        ))}
      />
      <div class="row">
        {pages.more && (
          <button class="button" onClick={pages.more}>
            {en.common.more}
          </button>
        )}
        <button class="button" onClick={() => saveAs('audit.ndjson', address(query), 'application/x-ndjson').catch(complain)}>
          <Icon name="download" /> {en.admin.exportAll}
        </button>
      </div>
      <Curl command={curl('GET', address(query))} />
    </Page>
  );
}

interface SoughtProps {
  label: string;
  type: string;
  value: string;
  onChange: (value: string) => void;
}

/** What is typed stays when entries arrive meanwhile, and is looked for when it is done. */
function Sought({ label, type, value, onChange }: SoughtProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  return (
    <input
      class="filter"
      type={type}
      aria-label={label}
      placeholder={label}
      title={label}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}

/** What is typed is local time. */
function instant(name: Filter, text: string): string {
  return (name === 'from' || name === 'to') && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : text;
}
