import { useEffect, useState } from 'preact/hooks';
import { url } from '../../api/client';
import { listen, type TenantEvent } from '../../api/events';
import { tenant } from '../../app/session';
import { en } from '../../text/en';
import { Page, Table } from './Page';

const KEPT = 500;

/** What happens in the tenant, as it happens; the newest first. */
export function EventsPage() {
  const [events, setEvents] = useState<TenantEvent[]>([]);

  useEffect(() => {
    setEvents([]);
    const source = new EventSource(url('/api/v1/tenants/{tenant}/events', { tenant: tenant.value }, { since: 'oldest' }));
    listen(source, (event) => setEvents((known) => [event, ...known].slice(0, KEPT)));
    return () => source.close();
  }, [tenant.value]);

  return (
    <Page title={en.nav.events}>
      <Table
        label={en.nav.events}
        empty={en.admin.noEvents}
        head={[en.admin.when, en.admin.what, en.admin.object, en.admin.details]}
        rows={events.map((event) => (
          <tr key={event.id}>
            <td class="muted nowrap">{new Date(event.timestamp).toLocaleTimeString()}</td>
            <td class="mono">{event.type}</td>
            <td>{short(String(event.data['name'] ?? event.object))}</td>
            <td class="small muted mono details">{details(event.data)}</td>
          </tr>
        ))}
      />
    </Page>
  );
}

function details(data: Record<string, unknown>): string {
  return Object.entries(data)
    .filter(([name]) => name !== 'name')
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : short(String(value))}`)
    .join(' ');
}

/** A digest by its beginning, as people tell it. */
function short(value: string): string {
  return value.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, '$1…');
}
