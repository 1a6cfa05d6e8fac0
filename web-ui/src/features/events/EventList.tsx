import { useEffect, useState } from 'preact/hooks';
import { url } from '../../api/client';
import { listen, type TenantEvent } from '../../api/events';
import { followStream } from '../../api/stream';
import { curl } from '../../app/curl';
import { dateTime } from '../../app/format';
import { Curl } from '../../components/Curl';
import { Table } from '../../components/Page';
import { en } from '../../text/en';

const KEPT = 500;

/** Events of a tenant, or of one thing in it; the newest first, new ones as they happen. */
export function EventList({ tenant, object }: { tenant: string; object?: string }) {
  const [events, setEvents] = useState<TenantEvent[]>([]);
  const address = url('/api/v1/tenants/{tenant}/events', { tenant }, { since: 'oldest', object });

  useEffect(() => {
    const known = new Map<string, TenantEvent>();
    let frame = 0;
    const show = () => {
      frame = 0;
      setEvents([...known.values()].reverse().slice(0, KEPT));
    };
    setEvents([]);
    const stop = followStream(() => address, {
      made: (source) =>
        listen(source, (event) => {
          known.set(event.id, event);
          frame ||= requestAnimationFrame(show);
        }),
    });
    return () => {
      stop();
      cancelAnimationFrame(frame);
    };
  }, [address]);

  return (
    <>
      <Table
        label={en.nav.events}
        empty={en.admin.noEvents}
        head={[en.admin.when, en.admin.what, ...(object ? [] : [en.admin.object]), en.admin.details]}
        rows={events.map((event) => (
          <tr key={event.id}>
            <td class="muted nowrap">{dateTime(event.timestamp)}</td>
            <td class="mono">{event.type}</td>
            {!object && <td>{String(event.data['name'] ?? event.object)}</td>}
            <td class="small muted mono details">{details(event.data)}</td>
          </tr>
        ))}
      />
      <Curl command={curl('GET', address)} />
    </>
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
